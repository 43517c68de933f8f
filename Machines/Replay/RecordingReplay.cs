using Trapline.Machines.Recordings;
using Trapline.Machines.Replay.Arm;
using Trapline.Machines.Replay.LoongArch;

namespace Trapline.Machines.Replay;

/// <summary>Replays a recording from its file: the one entry for commands, tests and benchmarks.</summary>
public static class RecordingReplay
{
    public const int DefaultDetailed = 5;

    private static readonly Dictionary<RecordingFormat, IReplayFamily> Families = new()
    {
        [RecordingFormat.LoongArch] = new LoongArchReplays(),
        [RecordingFormat.Gic] = new GicReplays(),
    };

    /// <summary>Names of the profiles of all recordings, each once; not every recording has every one.</summary>
    public static IReadOnlyList<string> ProfileNames { get; } = [.. Enum.GetValues<RecordingFormat>().SelectMany(format => Families[format].ProfileNames).Distinct()];

    /// <summary>Replays one file; what is wrong with it is in the result.</summary>
    /// <param name="path">The recording, compressed with gzip or not. Opened again for each row of an explanation.</param>
    /// <param name="profile">How the devices behave, by name; null for the profile that the file's head names.</param>
    /// <param name="detailed">How many mismatches are described.</param>
    /// <param name="cancelled">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ReplayFile Run(string path, string? profile, int detailed, CancellationToken cancelled)
    {
        var report = new ReplayFile { File = path, Profile = profile ?? "" };
        try
        {
            using var file = RecordingFile.Open(path);
            return Families[file.Format].Replay(file, report, profile, detailed, cancelled);
        }
        catch (RecordingException failure)
        {
            return report with { Error = failure.InFile(path) };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return report with { Error = $"{path}: error: {failure.Message}" };
        }
    }
}
