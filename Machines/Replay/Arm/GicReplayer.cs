using Trapline.Devices.Arm.Profiles;
using Trapline.Machines.Recordings;
using Trapline.Machines.Recordings.Arm;

namespace Trapline.Machines.Replay.Arm;

/// <summary>
/// Drives a GIC with the inputs of a recording and holds reads, acknowledges and the IRQ inputs of the CPUs against it. No recorded
/// value is ever taken over: after a mismatch the GIC goes on as it is.
/// </summary>
internal sealed class GicReplayer : IReplayer
{
    private readonly GicReader _recording;
    private readonly GicReplayMachine _machine;
    private readonly GicMismatches _mismatches;
    private readonly LineChecks _lines;
    private readonly SortedDictionary<string, (long Events, string Why)> _skipped = new(StringComparer.Ordinal);
    private GicEvent _cause;
    private long _events;
    private long _inputs;
    private long _reads;
    private long _acknowledges;
    private long _levels;

    /// <param name="recording">Just opened.</param>
    /// <param name="profile">How the GIC behaves.</param>
    /// <param name="detailed">How many mismatches are described; all are counted.</param>
    public GicReplayer(GicReader recording, GicProfile profile, int detailed)
    {
        _recording = recording;
        _machine = new GicReplayMachine(recording.Header, profile);
        _mismatches = new GicMismatches(_machine, detailed);
        _lines = new LineChecks(_machine, _mismatches, recording.Header.Cpus);
    }

    public long Mismatches => _mismatches.Count;

    public void Run(CancellationToken cancelled)
    {
        const int cancellationInterval = 0xFFFF;
        while (_recording.TryRead(out var recorded))
        {
            if ((++_events & cancellationInterval) == 0)
            {
                cancelled.ThrowIfCancellationRequested();
            }

            Take(in recorded);
            _mismatches.Note(in recorded);
        }

        _lines.Settle(in _cause);
        _recording.CheckCounts();
    }

    public ReplayFile ToReport(ReplayFile report) => report with
    {
        Cpus = _recording.Header.Cpus,
        Events = _events,
        Inputs = _inputs,
        Compared = _reads + _acknowledges + _levels,
        Reads = _reads,
        Acknowledges = _acknowledges,
        Levels = _levels,
        Skipped = _skipped.Values.Sum(each => each.Events),
        SkippedEvents = [.. _skipped.Select(each => new SkippedEvents(each.Key, each.Value.Events, each.Value.Why))],
        Mismatches = _mismatches.Count,
        FirstMismatches = _mismatches.First,
    };

    private void Take(in GicEvent recorded)
    {
        if (recorded.Kind == GicEventKind.CpuLine)
        {
            _levels++;
            _lines.Announce(in recorded);
            return;
        }

        _lines.Settle(in _cause);
        _cause = recorded;
        if (recorded.Register is { WhySkipped: { } why } skipped)
        {
            _skipped[skipped.Name] = (_skipped.GetValueOrDefault(skipped.Name).Events + 1, why);
            return;
        }

        switch (recorded.Kind)
        {
            case GicEventKind.Read:
                CompareRead(in recorded);
                break;
            case GicEventKind.Acknowledge:
                CompareAcknowledge(in recorded);
                break;
            default:
                Apply(in recorded);
                break;
        }
    }

    private void Apply(in GicEvent input)
    {
        _inputs++;
        _machine.Apply(in input);
        if (input.Kind == GicEventKind.CpuOn)
        {
            _lines.Reset(input.Cpu);
        }
        else if (input.Kind == GicEventKind.Reset)
        {
            _lines.ResetAll();
        }

        if (_machine.IsMemoryFull)
        {
            throw new RecordingException(input.Line, $"more than {RecordingLimits.KeptMemoryBytes >> 20} MiB of guest memory have been written: this is no recording");
        }
    }

    private void CompareRead(in GicEvent recorded)
    {
        _reads++;
        var actual = _machine.Read(in recorded);
        if (actual != recorded.Value)
        {
            _mismatches.AddRead(in recorded, actual);
        }
    }

    private void CompareAcknowledge(in GicEvent recorded)
    {
        _acknowledges++;
        var actual = _machine.Acknowledge(recorded.Cpu);
        if (actual != (ulong)recorded.InterruptId)
        {
            _mismatches.AddAcknowledge(in recorded, actual);
        }
    }
}
