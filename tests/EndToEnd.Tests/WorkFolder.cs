using System.Text.Json;

namespace Trapline.EndToEnd.Tests;

/// <summary>A folder of a test's own, gone after it.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("trapline-tests-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Copies the scenarios with their guests and costs here, for a test that changes one of them.</summary>
    public void CopyScenarios()
    {
        var source = System.IO.Path.Combine(Trapline.Root, "scenarios");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            Write(System.IO.Path.GetRelativePath(source, file), File.ReadAllText(file));
        }
    }

    /// <summary>A scenario that no machine finishes: for tests that end a run from outside, however fast the machine.</summary>
    public string EndlessScenario()
    {
        CopyScenarios();
        var text = File.ReadAllText(Trapline.Scenario("ipi-pingpong"));
        return Write("endless.yaml", text
            .Replace("rounds: 1000", "rounds: 1000000000", StringComparison.Ordinal)
            .Replace("until: 1s", "until: 100000s", StringComparison.Ordinal));
    }

    public JsonElement Report(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, folder, "report.json"))).RootElement;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
