using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Nodes over WebSockets, on ports that the system chooses.</summary>
internal static class WebSocketNodes
{
    internal static readonly Uri AnyPort = new("http://127.0.0.1:0");

    internal static async Task<IReadOnlyList<IFabric>> JoinAllAsync(int nodes, FabricLimits? limits, CancellationToken cancellation)
    {
        var listeners = new List<FabricListener>();
        for (var node = 0; node < nodes - 1; node++)
        {
            listeners.Add(await FabricListener.OpenAsync(AnyPort, nodes - 1 - node, cancellation));
        }

        Uri?[] peers = [.. listeners.Select(listener => listener.Url), null];
        var joining = Enumerable.Range(0, nodes).Select(node =>
            WebSocketFabric.JoinAsync(Options(node, peers, limits), node < nodes - 1 ? listeners[node] : null, cancellation));
        return await Task.WhenAll(joining);
    }

    internal static WebSocketFabricOptions Options(int node, IReadOnlyList<Uri?> peers, FabricLimits? limits = null, FabricConfiguration? configuration = null) => new()
    {
        Node = node,
        Peers = peers,
        Configuration = configuration ?? new FabricConfiguration().With("scenario", "test"),
        Limits = limits ?? FabricLimits.Default,
    };
}
