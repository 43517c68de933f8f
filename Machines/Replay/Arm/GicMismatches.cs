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
            var ofCpu = recorded.Frame switch
            {
                GicFrame.CpuInterface => recorded.Cpu,
                GicFrame.Redistributor => recorded.Index,
                _ => (int?)null,
            };
            Describe(in recorded, "read", GicRegisterNames.Of(in recorded), $"0x{recorded.Value:x}", $"0x{actual:x}", ofCpu);
        }
    }

    public void AddAcknowledge(in GicEvent recorded, ulong actual)
    {
        if (_log.Counts())
        {
            Describe(in recorded, "acknowledge", $"CPU {recorded.Cpu} ICC_IAR1_EL1", $"{recorded.InterruptId}", $"{actual}", recorded.Cpu);
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
            Describe(in recorded, "CPU line", $"CPU {cpu} IRQ", expected ? "1" : "0", actual ? "1" : "0", cpu);
        }
    }

    private void Describe(in GicEvent recorded, string what, string register, string expected, string actual, int? cpu)
    {
        var lister = new StateLister();
        machine.SyncState(lister);
        var end = register[(register.IndexOf('_', StringComparison.Ordinal) + 1)..];
        // All ones is nobody: no CPU has it.
        var state = lister.Rows
            .Where(row => row.Value != ulong.MaxValue)
            .Where(row => cpu is null || !row.Key.StartsWith("cpu[", StringComparison.Ordinal) || row.Key.StartsWith($"cpu[{cpu}]", StringComparison.Ordinal))
            .OrderBy(row => row.Key.EndsWith(end, StringComparison.Ordinal) ? 0 : RankOf(row.Key, cpu is not null));
        _log.Describe(in recorded, what, register, expected, actual, state);
    }

    /// <summary>What changes while a guest runs tells more than what it has set up once, and the CPU's own half more than the board's.</summary>
    private static int RankOf(string row, bool ofCpu) =>
        (IsConfiguration(row) ? 3 : 1) + (row.StartsWith("cpu[", StringComparison.Ordinal) == ofCpu ? 0 : 1);

    private static bool IsConfiguration(string row) => row.Contains("IPRIORITYR[", StringComparison.Ordinal)
        || row.Contains(".priority[", StringComparison.Ordinal)
        || row.Contains("IGROUPR[", StringComparison.Ordinal)
        || row.Contains("ICFGR[", StringComparison.Ordinal)
        || row.Contains("IROUTER[", StringComparison.Ordinal);
}
