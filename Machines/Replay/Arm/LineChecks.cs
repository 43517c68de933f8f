using Trapline.Machines.Recordings.Arm;

namespace Trapline.Machines.Replay.Arm;

/// <summary>
/// Holds the IRQ inputs of the CPUs against the levels that the recording announces, each time when all that an input causes has
/// been announced: before the next one.
/// </summary>
internal sealed class LineChecks
{
    private readonly GicReplayMachine _machine;
    private readonly GicMismatches _mismatches;
    private readonly bool[] _announced;

    /// <summary>The line that announced a level since the last input; its number is 0 where there was none.</summary>
    private readonly GicEvent[] _announcements;

    /// <summary>The level that the GIC had when a difference was reported: one difference is one mismatch, however long it lasts.</summary>
    private readonly bool?[] _reported;

    /// <summary>
    /// The CPU was reset with its input high. QEMU's reset makes no trace event and drives no output: the fall is announced when the
    /// CPU interface next looks, or never if by then the input is high again.
    /// </summary>
    private readonly bool[] _fallMayFollow;

    public LineChecks(GicReplayMachine machine, GicMismatches mismatches, int cpus)
    {
        _machine = machine;
        _mismatches = mismatches;
        _announced = new bool[cpus];
        _announcements = new GicEvent[cpus];
        _reported = new bool?[cpus];
        _fallMayFollow = new bool[cpus];
    }

    /// <summary>The recording has a level.</summary>
    public void Announce(in GicEvent recorded)
    {
        _announced[recorded.Cpu] = recorded.Level;
        _announcements[recorded.Cpu] = recorded;
    }

    /// <summary>A CPU interface was reset.</summary>
    public void Reset(int cpu) => _fallMayFollow[cpu] = _announced[cpu];

    /// <summary>The whole system was.</summary>
    public void ResetAll()
    {
        for (var cpu = 0; cpu < _announced.Length; cpu++)
        {
            Reset(cpu);
        }
    }

    /// <summary>Everything has been announced that an input caused.</summary>
    /// <param name="cause">That input.</param>
    public void Settle(in GicEvent cause)
    {
        for (var cpu = 0; cpu < _announced.Length; cpu++)
        {
            var actual = _machine.LineOf(cpu);
            if (actual == _announced[cpu])
            {
                _fallMayFollow[cpu] = false;
                _reported[cpu] = null;
            }
            else if (_reported[cpu] != actual && !(_fallMayFollow[cpu] && !actual))
            {
                _reported[cpu] = actual;
                _mismatches.AddLevel(_announcements[cpu].Line != 0 ? _announcements[cpu] : cause, cpu, _announced[cpu], actual);
            }

            _announcements[cpu] = default;
        }
    }
}
