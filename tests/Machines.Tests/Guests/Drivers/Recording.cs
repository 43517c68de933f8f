using System.IO.Compression;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>Accesses of a Linux guest, from a recording: README.md in its folder says what its lines mean.</summary>
internal static class Recording
{
    /// <summary>The accesses that one CPU made, from a place on.</summary>
    /// <param name="name">Of the file, without its ending.</param>
    /// <param name="cpu">Whose.</param>
    /// <param name="count">How many.</param>
    /// <param name="marks">Beginnings of lines that come one after the other, with anything between: the first of any CPU and kind, the last the first access that is taken.</param>
    public static List<string> Of(string name, int cpu, int count, params string[] marks)
    {
        var lines = File(name);
        var at = -1;
        foreach (var mark in marks)
        {
            at = lines.FindIndex(at + 1, line => line.StartsWith(mark, StringComparison.Ordinal));
            Xunit.Assert.True(at >= 0, $"{name} has no line that begins with '{mark}'");
        }

        return [.. lines.Skip(at).Where(line => line.StartsWith($"W {cpu} ", StringComparison.Ordinal) || line.StartsWith($"R {cpu} ", StringComparison.Ordinal)).Take(count)];
    }

    /// <summary>All lines of a recording.</summary>
    /// <param name="name">Of the file, without its ending.</param>
    /// <param name="folder">Of the recordings of its kind.</param>
    public static List<string> File(string name, string folder = "loongarch")
    {
        using var file = System.IO.File.OpenRead(Repository.PathOf("recordings", folder, name + ".trace.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var lines = new List<string>();
        while (text.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
