using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>A node 0 that joins and exchanges windows with whatever comes, and what became of it.</summary>
internal sealed class Victim
{
    private static readonly FabricLimits Limits = new()
    {
        HelloTimeout = TimeSpan.FromSeconds(20),
        PeerTimeout = TimeSpan.FromSeconds(20),
        FarewellTimeout = TimeSpan.FromSeconds(1),
        MaxFrameBytes = 1 << 20,
        MaxBatchMessages = 1000,
    };

    private Victim(Uri url, Task<Exception?> end)
    {
        Url = url;
        End = end;
    }

    internal Uri Url { get; }

    /// <summary>What ended it: null if all windows went well. A time-out of the test if nothing did.</summary>
    internal Task<Exception?> End { get; }

    internal static async Task<Victim> StartAsync(int windows, FabricLimits? limits = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, cancellation);
        var end = Task.Run(async () => await Record.ExceptionAsync(() => RunAsync(listener, windows, limits ?? Limits, cancellation)), cancellation);
        return new(listener.Url, end.WaitAsync(Lockstep.Patience, cancellation));
    }

    /// <summary>The one acceptable end after a hostile peer.</summary>
    internal async Task<FabricException> RequireFailureAsync() => Assert.IsType<FabricException>(await End);

    private static async Task RunAsync(FabricListener listener, int windows, FabricLimits limits, CancellationToken cancellation)
    {
        await using var fabric = await WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null], limits), listener, cancellation);
        for (var window = 0; window < windows; window++)
        {
            fabric.Exchange(new(window, VirtualTime.Zero, VirtualTime.Never, 0));
        }
    }
}
