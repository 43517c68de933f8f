using System.Threading.Channels;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>The connections of one session that a node's <see cref="FabricServer"/> takes for it.</summary>
public sealed class FabricListener : IAsyncDisposable
{
    private readonly Channel<AcceptedSocket> _accepted = Channel.CreateUnbounded<AcceptedSocket>();
    private readonly int _connections;
    private readonly SessionTable _sessions;
    private FabricServer? _ownServer;
    private int _taken;

    internal FabricListener(FabricSession session, int connections, Uri url, SessionTable sessions)
    {
        Session = session;
        Url = url;
        _connections = connections;
        _sessions = sessions;
    }

    public FabricSession Session { get; }

    /// <summary>Where the node really listens: with the port that was chosen if 0 was asked for.</summary>
    public Uri Url { get; }

    /// <summary>
    /// Listens at a loopback URL for a number of peers of one run outside any cluster; more are refused. The server is this
    /// listener's own and ends with it.
    /// </summary>
    public static async Task<FabricListener> OpenAsync(Uri url, int connections, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connections);
        var server = await FabricServer.OpenAsync(new() { Listen = url }, cancellation).ConfigureAwait(false);
        var listener = server.Expect(default, connections);
        listener._ownServer = server;
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        _sessions.Forget(this);
        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out var socket))
        {
            socket.Socket.Abort();
            socket.Closed();
        }

        // The links have said their farewells; what is still open then is nobody's.
        if (_ownServer is not null)
        {
            await _ownServer.DisposeAsync().ConfigureAwait(false);
        }
    }

    internal ValueTask<AcceptedSocket> AcceptAsync(CancellationToken cancellation) => _accepted.Reader.ReadAsync(cancellation);

    /// <summary>False if the session has all its peers, or is over.</summary>
    internal bool Offer(AcceptedSocket socket) =>
        Interlocked.Increment(ref _taken) <= _connections && _accepted.Writer.TryWrite(socket);

    /// <summary>A peer of this session sent what is no frame of it.</summary>
    internal void CountBadFrame() => _sessions.Count(Refusal.BadFrame);
}
