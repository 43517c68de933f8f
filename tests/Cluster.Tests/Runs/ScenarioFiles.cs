using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>The scenarios that users run; every law is tested on all of them.</summary>
internal static class ScenarioFiles
{
    public static string Folder { get; } = FindFolder();

    public static TheoryData<string> Names() =>
        [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static Scenario Load(string name, ScenarioOverrides? overrides = null)
    {
        var result = ScenarioLoader.Load(Path.Combine(Folder, name + ".yaml"), overrides);
        Assert.Empty(result.Errors);
        return result.Scenario!;
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Simulation.sln")))
            {
                return Path.Combine(folder.FullName, "scenarios");
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds Simulation.sln");
    }
}
