using System.Numerics;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Recordings.LoongArch;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>
/// Drives the devices with the inputs of a recording and holds all else in it against what they do. No recorded value is
/// ever taken over: after a mismatch the devices go on as they are.
/// </summary>
internal sealed class LoongArchReplayer : IReplayer
{
    /// <summary>The timer's line is the CPU's own, none of these controllers drives it.</summary>
    private const int TimerLine = Devices.LoongArch.CpuLines.Timer;

    private readonly LoongArchReader _recording;
    private readonly EffectQueue _effects = new();
    private readonly LoongArchReplayMachine _machine;
    private readonly LoongArchMismatches _mismatches;
    private LoongArchEvent _input;

    // QEMU logs a read when it returns: the nested read of VIRT_CONFIG comes before the read of MISC_FUNC that makes it.
    private LoongArchEvent _early;
    private bool _hasEarly;
    private long _events;
    private long _inputs;
    private long _compared;

    /// <param name="recording">Just opened.</param>
    /// <param name="profile">How the devices behave.</param>
    /// <param name="detailed">How many mismatches are described; all are counted.</param>
    public LoongArchReplayer(LoongArchReader recording, LoongArchProfile profile, int detailed)
    {
        _recording = recording;
        _machine = new LoongArchReplayMachine(recording.Header, profile, _effects);
        _mismatches = new LoongArchMismatches(_machine, detailed);
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

        if (_hasEarly)
        {
            RefuseEarly();
        }

        ReportMissing();
    }

    public ReplayFile ToReport(ReplayFile report) => report with
    {
        Cpus = _recording.Header.Cpus,
        Cut = _recording.Cut,
        Events = _events,
        Inputs = _inputs,
        Compared = _compared,
        Skipped = _events - _inputs - _compared,
        Mismatches = _mismatches.Count,
        FirstMismatches = _mismatches.First,
    };

    private void Take(in LoongArchEvent recorded)
    {
        if (_hasEarly && !LoongArchReplayMachine.ReadsVirtualConfiguration(in recorded))
        {
            RefuseEarly();
        }

        switch (recorded.Kind)
        {
            case LoongArchEventKind.Write:
            case LoongArchEventKind.PicPin:
            case LoongArchEventKind.PicPinAgain:
            case LoongArchEventKind.MessageInterrupt:
                Apply(in recorded);
                break;
            case LoongArchEventKind.Read:
                CompareRead(in recorded);
                break;
            case LoongArchEventKind.CpuLine or LoongArchEventKind.CpuLineAgain when recorded.Pin == TimerLine:
                _inputs++;
                _machine.SetLine(recorded.Cpu, TimerLine, recorded.Level);
                break;
            case LoongArchEventKind.Interrupt:
                CompareInterrupt(in recorded);
                break;
            default:
                CompareEffect(in recorded);
                break;
        }
    }

    private void Apply(in LoongArchEvent input)
    {
        ReportMissing();
        _inputs++;
        _input = input;
        switch (input.Kind)
        {
            case LoongArchEventKind.Write:
                _machine.Write(in input);
                break;
            case LoongArchEventKind.MessageInterrupt:
                _machine.SendMessage(in input);
                break;
            default:
                _machine.DrivePin(input.Pin, input.Level);
                break;
        }
    }

    private void CompareRead(in LoongArchEvent recorded)
    {
        _compared++;
        if (_effects.Count == 0 && LoongArchReplayMachine.ReadsVirtualConfiguration(in recorded))
        {
            // Its nested read, if the recording has none, is missing here and not at the last input.
            _input = recorded;
        }

        var mask = recorded.Size == sizeof(ulong) ? ulong.MaxValue : (1UL << (8 * recorded.Size)) - 1;
        // The upper bytes of a narrow read are the CPU's matter, not the device's: the recording has none.
        var actual = _machine.Read(in recorded) & mask;
        if (actual != recorded.Value)
        {
            _mismatches.AddRead(in recorded, actual);
        }

        if (_hasEarly)
        {
            _hasEarly = false;
            MatchEffect(in _early);
        }

        // Reads of MISC_FUNC are no inputs, but have an effect each: a file without these lines must not fill the memory.
        if (_effects.Count > EffectQueue.Limit)
        {
            ReportMissing();
        }
    }

    private void CompareInterrupt(in LoongArchEvent recorded)
    {
        _compared++;
        var pending = recorded.Value & recorded.Enabled;
        var lines = _machine.LinesOf(recorded.Cpu) & recorded.Enabled;
        var highest = pending == 0 ? -1 : BitOperations.Log2(pending);
        if (lines != pending || highest != recorded.Pin)
        {
            _mismatches.AddInterrupt(in recorded, lines);
        }
    }

    private void CompareEffect(in LoongArchEvent recorded)
    {
        _compared++;
        if (recorded.Kind == LoongArchEventKind.NestedRead && _effects.Find(ReplayEffect.Of(in recorded)) < 0 && LoongArchReplayMachine.IsVirtualConfiguration(in recorded))
        {
            _early = recorded;
            _hasEarly = true;
            return;
        }

        MatchEffect(in recorded);
    }

    private void MatchEffect(in LoongArchEvent recorded)
    {
        var effect = ReplayEffect.Of(in recorded);
        var place = _effects.Find(in effect);
        if (place < 0)
        {
            _mismatches.AddEffect(in recorded, _effects.Count > 0 ? _effects[0] : null);
            // Most often the same effect with another value: held against each other once, not twice.
            _effects.RemoveFirst(_effects.Count > 0 && IsLike(_effects[0], effect) ? 1 : 0);
            return;
        }

        for (var i = 0; i < place; i++)
        {
            _mismatches.AddMissing(in _input, _effects[i]);
        }

        _effects.RemoveFirst(place + 1);
    }

    private void RefuseEarly()
    {
        _hasEarly = false;
        _mismatches.AddEffect(in _early, null);
    }

    /// <summary>Effects that the devices had and the recording has not.</summary>
    private void ReportMissing()
    {
        for (var i = 0; i < _effects.Count; i++)
        {
            _mismatches.AddMissing(in _input, _effects[i]);
        }

        _effects.RemoveFirst(_effects.Count);
    }

    /// <summary>The same pin, line or access, with another value or for the first time instead of again.</summary>
    private static bool IsLike(in ReplayEffect a, in ReplayEffect b) => a.Cpu == b.Cpu && a.Pin == b.Pin && a.Address == b.Address && Class(a) == Class(b);

    private static LoongArchEventKind Class(in ReplayEffect effect) => effect.Kind switch
    {
        LoongArchEventKind.VectorPinAgain => LoongArchEventKind.VectorPin,
        LoongArchEventKind.CpuLineAgain => LoongArchEventKind.CpuLine,
        _ => effect.Kind,
    };
}
