using System.IO.Compression;
using System.Text;
using Trapline.Machines.Replay;
using Xunit;

namespace Trapline.Conformance.Tests;

/// <summary>The recordings of LoongArch machines, whole or altered; replays of any.</summary>
internal static class Recorded
{
    /// <summary>Name and number of events, as recordings/loongarch/README.md counts them.</summary>
    public static readonly (string Name, long Events)[] All =
    [
        ("a-smp1-work", 22789),
        ("b-smp4-work", 52499),
        ("c-smp16-work", 49800),
        ("e-smp4-msix", 94149),
        ("f-smp4-uart-rtc", 86407),
        ("g-smp4-ipi", 74106),
        ("i-smp4-msix-noveio", 72157),
    ];

    public static TheoryData<string> Names => [.. All.Select(each => each.Name)];

    public static string PathOf(string name) => PathInTree("recordings", "loongarch", name + ".trace.gz");

    /// <summary>A file of the source tree that the tests were built from.</summary>
    public static string PathInTree(params string[] parts)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine([folder.FullName, .. parts]);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"no folder above {AppContext.BaseDirectory} has {string.Join('/', parts)}");
    }

    public static List<string> Lines(string name) => LinesOf(PathOf(name));

    public static List<string> LinesOf(string path)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        return [.. reader.ReadToEnd().TrimEnd('\n').Split('\n')];
    }

    public static ReplayFile Replay(string path, string? profile = null, int detailed = RecordingReplay.DefaultDetailed) =>
        RecordingReplay.Run(path, profile, detailed, TestContext.Current.CancellationToken);

    /// <summary>Replays lines from a file that is deleted afterwards.</summary>
    public static ReplayFile Replay(IEnumerable<string> lines, string? profile = null) =>
        Replay(Encoding.Latin1.GetBytes(string.Join('\n', lines) + "\n"), profile);

    public static ReplayFile Replay(byte[] bytes, string? profile = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            return Replay(path, profile) with { File = "altered" };
        }
        finally
        {
            File.Delete(path);
        }
    }
}
