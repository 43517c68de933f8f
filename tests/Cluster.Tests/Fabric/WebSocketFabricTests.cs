using Trapline.Cluster.Fabric;

namespace Trapline.Cluster.Tests.Fabric;

public sealed class WebSocketFabricTests : FabricContract
{
    private protected override async Task<IReadOnlyList<IFabric>> CreateAsync(int nodes, FabricLimits? limits, CancellationToken cancellation) =>
        await WebSocketNodes.JoinAllAsync(nodes, limits, cancellation);
}
