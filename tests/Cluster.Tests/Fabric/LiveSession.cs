using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Two nodes that exchange windows over a server for as long as something else is done to it.</summary>
internal sealed class LiveSession : IAsyncDisposable
{
    private readonly FabricSet _pair;
    private readonly Task<Exception?[]> _running;
    private int _stop;
    private long _windows;

    private LiveSession(FabricSet pair)
    {
        _pair = pair;
        _running = Lockstep.RunAsync(pair.All, Run);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<LiveSession> StartAsync(FabricServer server, FabricSecurity security)
    {
        var session = new FabricSession(1000, 0, 0, 5);
        var first = JoinAsync(0, null, session, security, server.Expect(session, 1));
        var second = JoinAsync(1, server.Url, session, security, null);
        return new(new([await first, await second]));
    }

    /// <summary>Goes on for a while and ends: nothing failed, and windows went by until the end.</summary>
    internal async Task RequireUnharmedAsync()
    {
        var before = Volatile.Read(ref _windows);
        await Task.Delay(100, Cancellation);
        Assert.True(Volatile.Read(ref _windows) > before, "The live session stands still.");
        Volatile.Write(ref _stop, 1);
        Assert.All(await _running, Assert.Null);
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _stop, 1);
        await _running;
        await _pair.DisposeAsync();
    }

    private static async Task<IFabric> JoinAsync(int node, Uri? peer, FabricSession session, FabricSecurity security, FabricListener? listener) =>
        await WebSocketFabric.JoinAsync(WebSocketNodes.Options(node, [peer, null]) with { Session = session, Security = security }, listener, Cancellation);

    private void Run(IFabric fabric)
    {
        for (var window = 0L; ; window++)
        {
            // Both must stop at the same window: the flags carry the wish.
            fabric.Outgoing(1 - fabric.Node).Add(new() { Due = new(window) });
            var inbox = fabric.Exchange(new(window, VirtualTime.Zero, VirtualTime.Never, (uint)Volatile.Read(ref _stop)));
            if ((inbox.Summary(0).Flags | inbox.Summary(1).Flags) != 0)
            {
                return;
            }

            Volatile.Write(ref _windows, window);
        }
    }
}
