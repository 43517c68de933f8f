using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Ends TLS with a certificate of its own on one side, opens it anew on the other, and passes on every byte unchanged.</summary>
internal sealed class ManInTheMiddle : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Uri _victim;
    private int _passedOn;

    private ManInTheMiddle(Uri victim)
    {
        _victim = victim;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = new CertificateRequest("CN=trapline node", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _listener.Start();
    }

    internal Uri Url => new($"https://{_listener.LocalEndpoint}");

    /// <summary>Bytes that went to the victim.</summary>
    internal int PassedOn => Volatile.Read(ref _passedOn);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static Task<ManInTheMiddle> StartAsync(Uri victim)
    {
        var middle = new ManInTheMiddle(victim);
        _ = middle.ServeAsync();
        return Task.FromResult(middle);
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _certificate.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ServeAsync()
    {
        using var accepted = await _listener.AcceptTcpClientAsync(Cancellation);
        await using var near = new SslStream(accepted.GetStream());
        await near.AuthenticateAsServerAsync(_certificate);
        using var opened = new TcpClient();
        await opened.ConnectAsync(IPAddress.Loopback, _victim.Port, Cancellation);
#pragma warning disable CA5359 // He is the attacker: he takes whatever certificate.
        await using var far = new SslStream(opened.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await far.AuthenticateAsClientAsync("127.0.0.1");
        await Task.WhenAny(PassAsync(near, far, count: true), PassAsync(far, near, count: false));
        // The one may have a last word for the other.
        await Task.Delay(200, Cancellation);
    }

    private async Task PassAsync(SslStream from, SslStream to, bool count)
    {
        var buffer = new byte[1 << 14];
        while (await from.ReadAsync(buffer, Cancellation) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), Cancellation);
            Interlocked.Add(ref _passedOn, count ? read : 0);
        }
    }
}
