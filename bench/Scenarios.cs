using Trapline.Machines.Scenarios;

namespace Trapline.Bench;

/// <summary>The scenarios that users run, cut to one variant: no private path for benchmarks.</summary>
internal static class Scenarios
{
    public static string PathOf(string name) => FileIn(Path.Combine("scenarios", name + ".yaml"));

    /// <summary>A file of this repository.</summary>
    public static string FileIn(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"no folder above {AppContext.BaseDirectory} has {relative}");
    }

    /// <summary>One variant, with other parameters for its guest and time enough for it.</summary>
    public static Scenario One(string path, string? variant, params (string Name, long Value)[] parameters)
    {
        var loaded = ScenarioLoader.Load(path);
        var scenario = loaded.Scenario ?? throw new InvalidDataException(string.Join('\n', loaded.Errors));
        var one = scenario.Variants.Single(each => variant is null || each.Name == variant);
        var texts = new Dictionary<string, string>(one.Parameters);
        var constants = new Dictionary<string, long>(one.Constants);
        foreach (var (name, value) in parameters)
        {
            (texts[name], constants[name]) = (value.ToString(), value);
        }

        return scenario with { Variants = [one with { Parameters = texts, Constants = constants, Until = new(one.Until.Picoseconds * 1_000), Expectations = [] }] };
    }
}
