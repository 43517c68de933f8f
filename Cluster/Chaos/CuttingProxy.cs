using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trapline.Cluster.Chaos;

/// <summary>
/// Stands before one node: its peers connect here, and each way of each connection can be cut alone, which leaves the connection open
/// and silent as a real network does. Who connects says its name in the request, so links need no ports of their own.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private const int BufferBytes = 64 << 10;
    private const int MostHeadBytes = 8 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _node;
    private readonly LinkCuts _cuts;
    private readonly Func<IPEndPoint?> _target;

    /// <param name="node">Name of the node behind it.</param>
    /// <param name="cuts">Of the whole cluster.</param>
    /// <param name="target">Where that node listens; null while it does not.</param>
    public CuttingProxy(string node, LinkCuts cuts, Func<IPEndPoint?> target)
    {
        (_node, _cuts, _target) = (node, cuts, target);
        _listener.Start();
        Url = new Uri($"http://{_listener.LocalEndpoint}");
        _ = AcceptAsync();
    }

    /// <summary>What the node advertises.</summary>
    public Uri Url { get; }

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ending.Token).ConfigureAwait(false));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // No more connections.
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var near = caller;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        try
        {
            var head = new byte[MostHeadBytes];
            var length = await ReadHeadAsync(near, head).ConfigureAwait(false);
            if (_target() is not { } target || CallerOf(Encoding.ASCII.GetString(head, 0, length)) is not { } name)
            {
                return;
            }

            await _cuts.PassAsync(name, _node, _ending.Token).ConfigureAwait(false);
            await far.ConnectAsync(target, _ending.Token).ConfigureAwait(false);
            await far.SendAsync(head.AsMemory(0, length), _ending.Token).ConfigureAwait(false);
            // Where one way is over the other has nobody to speak to: both ends see a connection that is lost.
            await (await Task.WhenAny(PumpAsync(near, far, name, _node), PumpAsync(far, near, _node, name)).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // As the connection is lost on the other side.
        }
    }

    private async Task<int> ReadHeadAsync(Socket near, byte[] head)
    {
        var length = 0;
        while (length < head.Length && head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = await near.ReceiveAsync(head.AsMemory(length), _ending.Token).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }

    private static string? CallerOf(string head)
    {
        const string Beginning = "User-Agent: trapline/";
        var line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith(Beginning, StringComparison.OrdinalIgnoreCase));
        return line?[Beginning.Length..].Trim();
    }

    private async Task PumpAsync(Socket from, Socket to, string source, string destination)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer, _ending.Token).ConfigureAwait(false);
                // The end of a connection is news too, and does not pass where nothing does.
                await _cuts.PassAsync(source, destination, _ending.Token).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
            await _cuts.PassAsync(source, destination, _ending.Token).ConfigureAwait(false);
        }
    }
}
