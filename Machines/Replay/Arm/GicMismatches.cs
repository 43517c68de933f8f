using Trapline.Machines.Recordings.Arm;
using Trapline.Messages.State;

namespace Trapline.Machines.Replay.Arm;

/// <summary>Describes mismatches in the terms of a GIC.</summary>
internal sealed class GicMismatches(GicReplayMachine machine, int detailed)
{
    private readonly MismatchLog<GicEvent> _log = new(detailed);

    public long Count => _log.Count;

    public IReadOnlyList<ReplayMismatch> First => _log.First;

    /// <summary>Remembers a line that has been replayed.</summary>
    public void Note(in GicEvent recorded) => _log.Note(in recorded);

    public void AddRead(in GicEvent recorded, ulong actual)
    {
        if (_log.Counts())
        {
            Describe(in recorded, "read", GicRegisterNames.Of(in recorded), $"0x{recorded.Value:x}", $"0x{actual:x}");
        }
    }

    public void AddAcknowledge(in GicEvent recorded, ulong actual)
    {
        if (_log.Counts())
        {
            Describe(in recorded, "acknowledge", $"CPU {recorded.Cpu} ICC_IAR1_EL1", $"{recorded.InterruptId}", $"{actual}");
        }
    }

    /// <param name="recorded">The line that announces a level, or the input after which none is announced.</param>
    /// <param name="cpu">Whose IRQ input.</param>
    /// <param name="expected">What the recording has announced.</param>
    /// <param name="actual">What the GIC drives.</param>
    public void AddLevel(in GicEvent recorded, int cpu, bool expected, bool actual)
    {
        if (_log.Counts())
        {
            Describe(in recorded, "CPU line", $"CPU {cpu} IRQ", expected ? "1" : "0", actual ? "1" : "0");
        }
    }

    private void Describe(in GicEvent recorded, string what, string register, string expected, string actual)
    {
        var state = new StateLister();
        machine.SyncState(state);
        _log.Describe(in recorded, what, register, expected, actual, state);
    }
}
