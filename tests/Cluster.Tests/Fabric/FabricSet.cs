using Trapline.Cluster.Fabric;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>The nodes of one test, which leave together.</summary>
internal sealed class FabricSet(IReadOnlyList<IFabric> all) : IAsyncDisposable
{
    internal IReadOnlyList<IFabric> All { get; } = all;

    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(fabric => fabric.DisposeAsync().AsTask()));
}
