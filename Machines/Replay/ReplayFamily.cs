using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Recordings;

namespace Trapline.Machines.Replay;

/// <summary>What replays of every architecture have in common: which profile, and why another answers otherwise.</summary>
/// <typeparam name="TProfile">The architecture's switches.</typeparam>
internal abstract class ReplayFamily<TProfile> : IReplayFamily
    where TProfile : class, IProfile
{
    public IReadOnlyList<string> ProfileNames => [.. Profiles.Select(profile => profile.Name)];

    protected abstract IReadOnlyList<TProfile> Profiles { get; }

    /// <summary>The table of differences.</summary>
    protected abstract IReadOnlyList<ProfileRow<TProfile>> Rows { get; }

    public ReplayFile Replay(RecordingFile file, ReplayFile report, string? profile, int detailed, CancellationToken cancelled)
    {
        var asked = profile is null ? null : Find(profile);
        var start = ReadHead(file.Lines, out var recorder);
        var recorded = Recorded(recorder);
        var own = asked ?? recorded ?? throw new RecordingException(
            0,
            $"its head names {(recorder.Length == 0 ? "no emulator" : $"'{recorder}'")}, of which no profile is known; name one with --profile: {string.Join(", ", ProfileNames)}");
        var replayer = start(own, detailed);
        string? error = null;
        try
        {
            replayer.Run(cancelled);
        }
        catch (RecordingException failure)
        {
            error = failure.InFile(report.File);
        }

        var result = replayer.ToReport(report with { Profile = own.Name, RecordedProfile = recorded?.Name ?? "", Error = error });
        return asked is null || recorded is null || error is not null || result.Mismatches == 0 || !file.CanBeReadAgain
            ? result
            : result with { Explanation = Explain(report.File, recorded, asked, result.Mismatches, cancelled) };
    }

    /// <summary>The profile of a recorder, or null.</summary>
    /// <param name="recorder">As the head names it: <c>qemu 11.1.3</c>; empty where it names none.</param>
    protected abstract TProfile? Recorded(string recorder);

    /// <summary>Reads the head; what it gives replays the rest, once.</summary>
    /// <param name="lines">At the first line.</param>
    /// <param name="recorder">See <see cref="Recorded"/>.</param>
    /// <exception cref="RecordingException">The head is not of the grammar.</exception>
    protected abstract Func<TProfile, int, IReplayer> ReadHead(LineReader lines, out string recorder);

    private TProfile Find(string name) => Profiles.FirstOrDefault(profile => profile.Name == name)
        ?? throw new RecordingException(0, $"its controllers have no profile '{name}'; they have {string.Join(", ", ProfileNames)}");

    /// <summary>
    /// Puts each difference alone into the recorded profile, then all that showed together. What disagrees under the
    /// recorded profile too comes from no difference.
    /// </summary>
    private ProfileExplanation Explain(string path, TProfile recorded, TProfile other, long mismatches, CancellationToken cancelled)
    {
        var without = recorded.Name == other.Name ? mismatches : Count(path, recorded, cancelled);
        var rows = new List<ExplainedRow>();
        var together = recorded;
        foreach (var row in Rows.Where(row => !row.Value(recorded).Equals(row.Value(other))))
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

    private long Count(string path, TProfile profile, CancellationToken cancelled)
    {
        using var file = RecordingFile.Open(path);
        var replayer = ReadHead(file.Lines, out _)(profile, 0);
        replayer.Run(cancelled);
        return replayer.Mismatches;
    }
}
