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

    public JsonElement Report(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, folder, "report.json"))).RootElement;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
