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

    /// <summary>The same with so many rounds that it takes minutes.</summary>
    /// <param name="folder">Where its files are written.</param>
    public static Scenario Long(string folder)
    {
        var scenarios = Path.Combine(Root, "scenarios");
        foreach (var part in (string[])["guests", "costs"])
        {
            foreach (var each in Directory.EnumerateFiles(Path.Combine(scenarios, part), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(scenarios, each));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(each, copy);
            }
        }

        var text = File.ReadAllText(Path.Combine(Root, "scenarios", "rack.yaml"));
        Assert.Contains("rounds: 16\n", text, StringComparison.Ordinal);
        var file = Path.Combine(folder, "long.yaml");
        File.WriteAllText(file, text.Replace("rounds: 16\n", "rounds: 2000\n", StringComparison.Ordinal));
        var loaded = ScenarioLoader.Load(file, ScenarioOverrides.None);
        Assert.Empty(loaded.Errors);
        return loaded.Scenario!;
    }

    public static ClusterRunRequest Request(VirtualTime until, TimeSpan checkpointEvery) => Request(Scenario(until), checkpointEvery) with { Overrides = Overrides(until) };

    public static ClusterRunRequest Request(Scenario scenario, TimeSpan checkpointEvery) =>
        new() { Scenario = scenario, Overrides = ScenarioOverrides.None, Placement = PlacementPolicy.Host, CheckpointEvery = checkpointEvery };

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
