using System.Diagnostics;
using Trapline.Machines.Replay;

namespace Trapline.Bench;

/// <summary>Events a second of replaying the recordings, one thread, files and decompression included.</summary>
internal static class ReplayBenchmark
{
    private const int Repeats = 5;

    private static readonly string[] Folders = ["loongarch", "gicv3-its"];

    public static int Run()
    {
        var files = Folders
            .SelectMany(folder => Directory.GetFiles(Path.GetDirectoryName(Scenarios.FileIn(Path.Combine("recordings", folder, "README.md")))!, "*.trace.gz"))
            .ToArray();
        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
        {
            var rates = new List<double>();
            for (var i = 0; i < Repeats; i++)
            {
                var watch = Stopwatch.StartNew();
                var result = RecordingReplay.Run(file, null, 0, CancellationToken.None);
                rates.Add(result.Events / watch.Elapsed.TotalSeconds);
                if (result.Error is not null || result.Mismatches > 0)
                {
                    Console.Error.WriteLine(result.Error ?? $"{file}: {result.Mismatches} mismatches");
                    return 1;
                }
            }

            Row.Of($"replay of {Path.GetFileName(file)}", "events/s", rates).Print();
        }

        return 0;
    }
}
