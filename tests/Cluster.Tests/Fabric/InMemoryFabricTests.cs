using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.InMemory;

namespace Trapline.Cluster.Tests.Fabric;

public sealed class InMemoryFabricTests : FabricContract
{
    private protected override Task<IReadOnlyList<IFabric>> CreateAsync(int nodes, FabricLimits? limits, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<IFabric>>(InMemoryFabric.CreateAll(nodes, limits, cancellation));
}
