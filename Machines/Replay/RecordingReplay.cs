using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>Replays a recording from its file: the one entry for commands, tests and benchmarks.</summary>
public static class RecordingReplay
{
    public const int DefaultDetailed = 5;

    /// <summary>Replays one file; what is wrong with it is in the result.</summary>
    /// <param name="path">The recording, compressed with gzip or not. Opened again for each row of an explanation.</param>
    /// <param name="profile">How the devices behave; null for the profile that the file's head names.</param>
    /// <param name="detailed">How many mismatches are described.</param>
    /// <param name="cancelled">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ReplayFile Run(string path, LoongArchProfile? profile, int detailed, CancellationToken cancelled)
    {
        var report = new ReplayFile { File = path, Profile = profile?.Name ?? "" };
        try
        {
            var (recorded, canBeReadAgain, result) = Replay(path, report, profile, detailed, cancelled);
            return profile is null || recorded is null || result.Mismatches == 0 || !canBeReadAgain
                ? result
                : result with { Explanation = Explain(path, recorded, profile, result.Mismatches, cancelled) };
        }
        catch (RecordingException failure)
        {
            return report with { Error = failure.Line > 0 ? $"{path}:{failure.Line}: error: {failure.Message}" : $"{path}: error: {failure.Message}" };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return report with { Error = $"{path}: error: {failure.Message}" };
        }
    }

    private static (LoongArchProfile? Recorded, bool CanBeReadAgain, ReplayFile Report) Replay(string path, ReplayFile report, LoongArchProfile? profile, int detailed, CancellationToken cancelled)
    {
        using var recording = Open(path, out var canBeReadAgain);
        var recorded = RecordedProfile.Of(recording.Header.Recorder);
        var own = profile ?? recorded ?? throw new RecordingException(
            0,
            $"its head names {(recording.Header.Recorder.Length == 0 ? "no emulator" : $"'{recording.Header.Recorder}'")}, of which no profile is known; name one with --profile: {string.Join(", ", LoongArchProfiles.All.Select(each => each.Name))}");
        var replayer = new Replayer(recording, own, detailed);
        replayer.Run(cancelled);
        return (recorded, canBeReadAgain, replayer.ToReport(report with { Profile = own.Name, RecordedProfile = recorded?.Name ?? "" }));
    }

    /// <summary>
    /// Puts each difference alone into the recorded profile, then all that showed together. What disagrees under the
    /// recorded profile too comes from no difference.
    /// </summary>
    private static ProfileExplanation Explain(string path, LoongArchProfile recorded, LoongArchProfile other, long mismatches, CancellationToken cancelled)
    {
        var without = recorded.Name == other.Name ? mismatches : Count(path, recorded, cancelled);
        var rows = new List<ExplainedRow>();
        var together = recorded;
        foreach (var row in ProfileRows.Between(recorded, other))
        {
            var alone = Count(path, row.Take(recorded, other), cancelled);
            if (alone != without)
            {
                rows.Add(new ExplainedRow(row.Id, row.Topic, row.Show(recorded), row.Show(other), alone));
                together = row.Take(together, other);
            }
        }

        var all = rows.Count switch
        {
            0 => without,
            1 => rows[0].Mismatches,
            _ => Count(path, together, cancelled),
        };
        return new ProfileExplanation(without, rows, all, all == mismatches);
    }

    private static long Count(string path, LoongArchProfile profile, CancellationToken cancelled)
    {
        using var recording = Open(path, out _);
        var replayer = new Replayer(recording, profile, 0);
        replayer.Run(cancelled);
        return replayer.Mismatches;
    }

    /// <param name="path">The recording.</param>
    /// <param name="canBeReadAgain">False for a pipe: to open it once more would wait for another writer.</param>
    private static RecordingReader Open(string path, out bool canBeReadAgain)
    {
        if (Directory.Exists(path))
        {
            throw new RecordingException("it is a folder; name the recordings in it");
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        canBeReadAgain = file.CanSeek;
        try
        {
            return new RecordingReader(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
