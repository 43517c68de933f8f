using System.Diagnostics;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Cluster.Runs;

namespace Trapline.Bench;

/// <summary>One run on two processes, against the same on one: what a window costs that has to be exchanged.</summary>
internal static class TwoProcesses
{
    private static readonly (string Name, long Value)[] Parameters = [("rounds", 1_000)];

    /// <summary>Microseconds for each exchanged window, the work in it included; joining and set-up are not.</summary>
    public static IEnumerable<Row> Windows(int repeats)
    {
        var path = Scenarios.PathOf("ipi-pingpong");
        var samples = new List<double>();
        for (var i = 0; i < repeats; i++)
        {
            var listener = FabricListener.OpenAsync(new Uri("http://127.0.0.1:0"), connections: 1, CancellationToken.None).GetAwaiter().GetResult();
            using var peer = Process.Start(Environment.ProcessPath!, ["peer", path, listener.Url.ToString()]);
            var (seconds, windows) = Run(path, new WebSocketFabricOptions { Node = 0, Peers = [null, null], Configuration = new() }, listener);
            peer.WaitForExit();
            samples.Add(seconds * 1e6 / windows);
        }

        yield return Row.Of("a window exchanged between two processes", "us", samples);
    }

    public static int RunPeer(string scenario, string first)
    {
        Run(scenario, new WebSocketFabricOptions { Node = 1, Peers = [new Uri(first), null], Configuration = new() }, listener: null);
        return 0;
    }

    private static (double Seconds, long Windows) Run(string path, WebSocketFabricOptions options, FabricListener? listener)
    {
        var scenario = Scenarios.One(path, null, Parameters);
        var settings = new AttemptSettings
        {
            Plan = VariantPlan.Of(scenario, scenario.Variants[0]),
            Smoke = false,
            Invariants = true,
            Placement = static (plan, nodes) => Placement.Blocks(plan.Groups.Count, nodes),
        };
        var fabric = WebSocketFabric.JoinAsync(options, listener, CancellationToken.None).GetAwaiter().GetResult();
        try
        {
            var progress = new AttemptProgress();
            using var runner = new AttemptRunner(settings, fabric, new NoSupervisor(), progress, CancellationToken.None);
            var outcome = runner.Run();
            return (outcome.Wall.TotalSeconds, progress.Window);
        }
        finally
        {
            fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
