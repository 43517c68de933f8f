using Trapline.Cluster.Fabric;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Runs one body per node, each on a thread of its own as a simulation would, and gives what each threw.</summary>
internal static class Lockstep
{
    /// <summary>Far longer than any test takes: a hang fails instead of stopping the suite.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static async Task<Exception?[]> RunAsync(IReadOnlyList<IFabric> fabrics, Action<IFabric> body)
    {
        var failures = new Exception?[fabrics.Count];
        var threads = fabrics.Select((fabric, node) => Task.Factory.StartNew(
            () => failures[node] = Record.Exception(() => body(fabric)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(threads).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return failures;
    }

    internal static async Task RunAllWellAsync(IReadOnlyList<IFabric> fabrics, Action<IFabric> body) =>
        Assert.All(await RunAsync(fabrics, body), Assert.Null);
}
