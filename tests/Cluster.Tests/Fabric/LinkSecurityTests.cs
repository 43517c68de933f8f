using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Who may be a peer: those that prove the cluster key, over the very channel that they use.</summary>
public sealed class LinkSecurityTests
{
    private static readonly FabricSession Session = new(3, 1, 4, 1);
    private static readonly FabricSecurity Right = new() { Key = "the right key, at length"u8.ToArray() };
    private static readonly FabricSecurity Wrong = new() { Key = "a wrong key, at length.."u8.ToArray() };
    private static readonly FabricLimits Limits = new() { HelloTimeout = TimeSpan.FromSeconds(20), FarewellTimeout = TimeSpan.FromSeconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("https://127.0.0.1:0")]
    public async Task Nodes_with_one_key_join_and_exchange(string listen)
    {
        await using var server = await OpenAsync(listen, Right);
        await using var pair = await JoinBothAsync(server, Right);
        await Lockstep.RunAllWellAsync(pair.All, fabric => Run(fabric, windows: 50));
        Assert.Equal(new FabricRefusals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), server.Refused);
    }

    [Fact]
    public async Task An_operators_certificate_is_served_and_bound()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(-1));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var security = Right with { CertificateFile = Path.Combine(folder.FullName, "node.pem"), CertificateKeyFile = Path.Combine(folder.FullName, "node.key") };
            await File.WriteAllTextAsync(security.CertificateFile, certificate.ExportCertificatePem(), Cancellation);
            await File.WriteAllTextAsync(security.CertificateKeyFile, key.ExportPkcs8PrivateKeyPem(), Cancellation);
            await using var server = await OpenAsync("https://127.0.0.1:0", security);
            await using var pair = await JoinBothAsync(server, Right);
            await Lockstep.RunAllWellAsync(pair.All, fabric => Run(fabric, windows: 3));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named()
    {
        var failure = await Assert.ThrowsAsync<FabricException>(() => OpenAsync("https://127.0.0.1:0", Right with { CertificateFile = "/nowhere/node.pem" }));
        Assert.Equal(FabricFailure.Usage, failure.Failure);
        Assert.Contains("'/nowhere/node.pem'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", true, "did not prove the cluster key")]
    [InlineData("https://127.0.0.1:0", true, "did not prove the cluster key")]
    [InlineData("http://127.0.0.1:0", false, "it asks for a proof of the cluster key")]
    [InlineData("https://127.0.0.1:0", false, "it asks for a proof of the cluster key")]
    public async Task A_peer_without_the_key_is_refused_and_counted_and_the_right_one_still_joins(string listen, bool hasAKey, string said)
    {
        await using var server = await OpenAsync(listen, Right);
        var listener = server.Expect(Session, 1);
        var first = JoinAsync(null, Right, listener);
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(server.Url, hasAKey ? Wrong : FabricSecurity.None, null));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Refused.NoKey);
        await using var pair = new FabricSet(await Task.WhenAll(first, JoinAsync(server.Url, Right, null)));
        await Lockstep.RunAllWellAsync(pair.All, fabric => Run(fabric, windows: 3));
    }

    [Fact]
    public async Task A_node_with_a_key_does_not_join_one_without()
    {
        await using var server = await OpenAsync("http://127.0.0.1:0", FabricSecurity.None);
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(server.Url, Right, null));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.Contains("it has no cluster key to prove", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Refused.NoKey);
    }

    [Fact]
    public async Task A_man_in_the_middle_who_passes_on_the_proofs_fails()
    {
        await using var server = await OpenAsync("https://127.0.0.1:0", Right);
        var first = JoinAsync(null, Right, server.Expect(Session, 1));
        await using var middle = await ManInTheMiddle.StartAsync(server.Url);
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(middle.Url, Right, null));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.True(middle.PassedOn > 0, "The man in the middle passed nothing on, so he was not tested.");
        Assert.Equal(1, server.Refused.NoKey);
        await using var pair = new FabricSet(await Task.WhenAll(first, JoinAsync(server.Url, Right, null)));
        await Lockstep.RunAllWellAsync(pair.All, fabric => Run(fabric, windows: 3));
    }

    [Fact]
    public async Task Before_the_proof_a_peer_gets_a_nonce_and_a_refusal_and_nothing_else()
    {
        await using var server = await OpenAsync("http://127.0.0.1:0", Right);
        await using var listener = server.Expect(Session, 1);
        await using var known = await HandMadePeer.ConnectAsync(server.Url, "/fabric/3/1/4", KeyProof.Subprotocol);
        await using var unknown = await HandMadePeer.ConnectAsync(server.Url, "/fabric/9/9/9", KeyProof.Subprotocol);
        foreach (var peer in new[] { known, unknown })
        {
            Assert.Equal(KeyProof.NonceBytes, (await peer.ReadMessageAsync()).Length);
            await peer.SendAsync(RandomNumberGenerator.GetBytes(64));
            Assert.Equal("the cluster key was not proved", (await peer.ReadCloseAsync()).Text);
        }

        Assert.Equal(2, server.Refused.NoKey);
    }

    [Fact]
    public async Task A_proof_replayed_on_another_connection_is_refused()
    {
        await using var server = await OpenAsync("http://127.0.0.1:0", Right);
        await using var listener = server.Expect(Session, 2);
        await using var honest = await HandMadePeer.ConnectAsync(server.Url, "/fabric/3/1/4", KeyProof.Subprotocol);
        var answer = HandMadePeer.ProofOf(Right, Session, await honest.ReadMessageAsync());
        await honest.SendAsync(answer);
        Assert.Equal(32, (await honest.ReadMessageAsync()).Length);
        await using var replayed = await HandMadePeer.ConnectAsync(server.Url, "/fabric/3/1/4", KeyProof.Subprotocol);
        await replayed.ReadMessageAsync();
        await replayed.SendAsync(answer);
        Assert.Equal("the cluster key was not proved", (await replayed.ReadCloseAsync()).Text);
        Assert.Equal(1, server.Refused.NoKey);
    }

    [Fact]
    public async Task A_proof_for_another_session_is_refused()
    {
        await using var server = await OpenAsync("http://127.0.0.1:0", Right);
        await using var peer = await HandMadePeer.ConnectAsync(server.Url, "/fabric/3/1/5", KeyProof.Subprotocol);
        await peer.SendAsync(HandMadePeer.ProofOf(Right, Session, await peer.ReadMessageAsync()));
        Assert.Equal("the cluster key was not proved", (await peer.ReadCloseAsync()).Text);
    }

    [Theory]
    [InlineData("https://192.0.2.7:5001", false, "no cluster key")]
    [InlineData("https://0.0.0.0:0", false, "no cluster key")]
    [InlineData("https://example.org:5001", false, "no cluster key")]
    [InlineData("http://192.0.2.7:5001", true, "has no TLS")]
    [InlineData("http://localhost.example.org:5001", true, "has no TLS")]
    public async Task Beyond_loopback_a_key_and_TLS_are_required(string url, bool hasKey, string said)
    {
        var security = hasKey ? Right : FabricSecurity.None with { Insecure = true };
        var listening = await Assert.ThrowsAsync<FabricException>(() => OpenAsync(url, security));
        var connecting = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(new(url), security, null));
        Assert.All([listening, connecting], failure =>
        {
            Assert.Equal(FabricFailure.Usage, failure.Failure);
            Assert.Contains(said, failure.Message, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("https://0.0.0.0:0", false)]
    [InlineData("http://0.0.0.0:0", true)]
    public async Task With_both_or_with_consent_a_node_listens_at_all_addresses(string listen, bool insecure)
    {
        var security = Right with { Insecure = insecure };
        await using var server = await OpenAsync(listen, security);
        var reached = new UriBuilder(server.Url) { Host = "127.0.0.1" }.Uri;
        var first = JoinAsync(null, security, server.Expect(Session, 1));
        await using var pair = new FabricSet(await Task.WhenAll(first, JoinAsync(reached, security, null)));
        await Lockstep.RunAllWellAsync(pair.All, fabric => Run(fabric, windows: 3));
    }

    [Fact]
    public async Task Http_to_an_https_node_and_the_reverse_are_told_apart_from_silence()
    {
        await using var tls = await OpenAsync("https://127.0.0.1:0", Right);
        await using var plain = await OpenAsync("http://127.0.0.1:0", Right);
        var first = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(new UriBuilder(tls.Url) { Scheme = "http" }.Uri, Right, null));
        var second = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(new UriBuilder(plain.Url) { Scheme = "https" }.Uri, Right, null));
        Assert.All([first, second], failure => Assert.Contains("whether it is http or https", failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fifteen bytes!!", false)]
    [InlineData("", false)]
    [InlineData("sixteen bytes!!!", true)]
    public void A_key_comes_from_a_file_and_errors_do_not_show_it(string content, bool good)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"  {content}\r\n");
            if (good)
            {
                Assert.Equal(content, Encoding.UTF8.GetString(FabricSecurity.KeyFrom(file).Span));
                Assert.DoesNotContain(content, new FabricSecurity { Key = FabricSecurity.KeyFrom(file) }.ToString(), StringComparison.Ordinal);
                return;
            }

            var failure = Assert.Throws<FabricException>(() => FabricSecurity.KeyFrom(file));
            Assert.Contains($"'{file}' has {content.Length} bytes; it must have 16 to 4096", failure.Message, StringComparison.Ordinal);
            Assert.True(content.Length == 0 || !failure.Message.Contains(content, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_key_file_that_is_not_there_is_named() =>
        Assert.Contains("'/nowhere/key'", Assert.Throws<FabricException>(() => FabricSecurity.KeyFrom("/nowhere/key")).Message, StringComparison.Ordinal);

    private static Task<FabricServer> OpenAsync(string listen, FabricSecurity security) =>
        FabricServer.OpenAsync(new() { Listen = new(listen), Security = security }, Cancellation);

    private static async Task<IFabric> JoinAsync(Uri? peer, FabricSecurity security, FabricListener? listener) =>
        await WebSocketFabric.JoinAsync(
            WebSocketNodes.Options(peer is null ? 0 : 1, [peer, null], Limits) with { Session = Session, Security = security },
            listener,
            Cancellation);

    private static async Task<FabricSet> JoinBothAsync(FabricServer server, FabricSecurity security)
    {
        var first = JoinAsync(null, security, server.Expect(Session, 1));
        var second = JoinAsync(server.Url, security, null);
        return new([await first, await second]);
    }

    private static void Run(IFabric fabric, int windows)
    {
        for (var window = 0; window < windows; window++)
        {
            fabric.Exchange(new(window, VirtualTime.Zero, VirtualTime.Never, 0));
        }
    }
}
