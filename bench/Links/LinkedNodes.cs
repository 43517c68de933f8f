using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;

namespace Trapline.Bench.Links;

/// <summary>Two nodes of a session that do nothing but exchange windows; with TLS they prove a key, as they would beyond loopback.</summary>
internal static class LinkedNodes
{
    private static readonly FabricSession Session = new(1, 0, 0, 1);

    public static double[] Measure(string kind, int messages, int rounds)
    {
        var security = SecurityOf(kind);
        var server = FabricServer.OpenAsync(new() { Listen = new Uri($"{kind}://127.0.0.1:0"), Security = security }).GetAwaiter().GetResult();
        using var peer = LinksBenchmark.StartPeer(kind, server.Url, messages, rounds);
        var fabric = Join(0, [null, null], security, server.Expect(Session, 1));
        var batch = new Message[messages];
        var samples = LinksBenchmark.Time(rounds, window => Exchange(fabric, window, batch));
        fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
        peer.WaitForExit();
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return samples;
    }

    public static void Answer(string kind, Uri url, int messages, int rounds)
    {
        var fabric = Join(1, [url, null], SecurityOf(kind), null);
        var batch = new Message[messages];
        for (var window = 0; window < rounds + LinksBenchmark.WarmUp; window++)
        {
            Exchange(fabric, window, batch);
        }

        fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static FabricSecurity SecurityOf(string kind) =>
        kind == LinksBenchmark.Https ? new() { Key = "a key for measuring only"u8.ToArray() } : FabricSecurity.None;

    private static WebSocketFabric Join(int node, Uri?[] peers, FabricSecurity security, FabricListener? listener) =>
        WebSocketFabric.JoinAsync(
            new() { Node = node, Peers = peers, Session = Session, Security = security, Configuration = new() },
            listener).GetAwaiter().GetResult();

    /// <summary>As the runner does it: what was collected goes to the link in one piece.</summary>
    private static void Exchange(WebSocketFabric fabric, int window, Message[] messages)
    {
        fabric.Outgoing(1 - fabric.Node).AddRange(messages);
        fabric.Exchange(new(window, new(window), VirtualTime.Never, 0));
    }
}
