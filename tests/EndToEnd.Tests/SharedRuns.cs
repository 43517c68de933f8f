using System.Collections.Concurrent;

namespace Trapline.EndToEnd.Tests;

/// <summary>
/// What several tests ask of the same command, the run of a scenario, is asked of one process: that a second one finds the same is
/// the matter of tests of their own. Reports as JSON.
/// </summary>
internal static class SharedRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Runs = [];

    /// <summary>Of <c>run NAME.yaml</c>.</summary>
    public static string Whole(string scenario) => Report(Trapline.Scenario(scenario));

    /// <summary>Of <c>run NAME.yaml --smoke</c>.</summary>
    public static string Smoke(string scenario) => Report(Trapline.Scenario(scenario), "--smoke");

    private static string Report(params string[] arguments) => Runs.GetOrAdd(string.Join(' ', arguments), _ => new Lazy<string>(() =>
    {
        using var folder = new WorkFolder();
        using var run = Trapline.Run(folder.Path, 0, ["run", .. arguments, "--json"]);
        return run.Output;
    })).Value;
}
