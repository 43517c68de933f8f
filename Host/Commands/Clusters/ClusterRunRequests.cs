using Trapline.Cluster.Clients;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Host.Commands.Clusters;

/// <summary>From the words of <c>run</c> to what a cluster is handed.</summary>
internal static class ClusterRunRequests
{
    /// <param name="arguments">Of the command line.</param>
    /// <param name="scenario">Its variants are those to run.</param>
    /// <param name="placement">How they are placed.</param>
    /// <param name="checkpoints">Wall time between two checkpoints where the command line says none.</param>
    public static ClusterRunRequest Of(RunArguments arguments, Scenario scenario, RunPlacement placement, TimeSpan checkpoints) => new()
    {
        Scenario = scenario,
        Overrides = arguments.Overrides,
        Smoke = arguments.Smoke,
        Invariants = arguments.Invariants,
        Window = arguments.Window,
        Placement = placement.Policy,
        Nodes = placement.Nodes,
        Seeds = [.. arguments.Seeds?.Seeds ?? []],
        Journal = arguments.Journal,
        CheckpointEvery = arguments.CheckpointInterval is { } interval ? WallTime(interval) : checkpoints,
    };

    /// <summary>Of an option that is worded as virtual times are.</summary>
    public static TimeSpan WallTime(VirtualTime time) => TimeSpan.FromTicks(time.Picoseconds / (1_000_000_000_000 / TimeSpan.TicksPerSecond));
}
