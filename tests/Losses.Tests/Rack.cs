using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>The scenario that is run under losses, and what it finds when nothing is lost.</summary>
internal static class Rack
{
    /// <summary>Sixteen machines, each with a board and sixteen vCPUs.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Machines { get; } = [.. Enumerable.Range(0, 16).Select(machine => Enumerable.Range(machine * 17, 17).ToArray())];

    private static readonly Dictionary<long, (string Digest, long LengthPs)> Found = [];

    public static string Root { get; } = FindRoot();

    public static Scenario Scenario(VirtualTime until)
    {
        var loaded = ScenarioLoader.Load(Path.Combine(Root, "scenarios", "rack.yaml"), Overrides(until));
        Assert.Empty(loaded.Errors);
        return loaded.Scenario!;
    }

    /// <summary>Digest and virtual length of a run in this process, which nothing disturbs.</summary>
    public static (string Digest, long LengthPs) Undisturbed(VirtualTime until)
    {
        lock (Found)
        {
            if (!Found.TryGetValue(until.Picoseconds, out var found))
            {
                using var control = new RunControl();
                var report = RunSession.Run(new RunRequest { Scenario = Scenario(until) }, control);
                found = (report.Digest, (long)(report.VirtualNs * VirtualTime.PerNanosecond));
                Found.Add(until.Picoseconds, found);
            }

            return found;
        }
    }

    public static ClusterRunRequest Request(VirtualTime until, TimeSpan checkpointEvery) => new()
    {
        Scenario = Scenario(until),
        Overrides = Overrides(until),
        Placement = PlacementPolicy.Host,
        CheckpointEvery = checkpointEvery,
    };

    private static ScenarioOverrides Overrides(VirtualTime until) => new() { Until = until };

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Simulation.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Simulation.sln");
    }
}
