using Trapline.Devices.LoongArch;
using Trapline.Machines.Recordings;
using Trapline.Messages.State;

namespace Trapline.Machines.Replay;

/// <summary>Counts mismatches and describes the first of them, with the lines before and the device's state around them.</summary>
internal sealed class MismatchLog(ReplayMachine machine, int detailed)
{
    private const int LinesBefore = 6;
    private const int MostRows = 40;

    private readonly RecordingEvent[] _before = new RecordingEvent[LinesBefore];
    private readonly List<ReplayMismatch> _first = [];
    private int _noted;

    public long Count { get; private set; }

    public IReadOnlyList<ReplayMismatch> First => _first;

    /// <summary>Remembers a line that has been replayed.</summary>
    public void Note(in RecordingEvent recorded) => _before[_noted++ % LinesBefore] = recorded;

    public void AddRead(in RecordingEvent recorded, ulong actual)
    {
        if (Counts())
        {
            Add(in recorded, "read", ReplayMachine.NameOf(recorded.Space, recorded.Address), $"0x{recorded.Value:x}", $"0x{actual:x}", recorded.Space, recorded.Address, recorded.Cpu);
        }
    }

    /// <summary>The recording has an effect that the devices did not have.</summary>
    /// <param name="recorded">It.</param>
    /// <param name="instead">What they had next, if anything.</param>
    public void AddEffect(in RecordingEvent recorded, ReplayEffect? instead)
    {
        if (Counts())
        {
            var effect = ReplayEffect.Of(in recorded);
            Add(in recorded, KindOf(effect), NameOf(effect), effect.ToString(), instead?.ToString() ?? "nothing", RecordingSpace.Iocsr, AddressOf(effect), recorded.Cpu);
        }
    }

    /// <summary>The devices had an effect that the recording has not.</summary>
    public void AddMissing(in RecordingEvent input, in ReplayEffect effect)
    {
        if (Counts())
        {
            Add(in input, KindOf(effect), NameOf(effect), "nothing", effect.ToString(), RecordingSpace.Iocsr, AddressOf(effect), effect.Cpu);
        }
    }

    public void AddInterrupt(in RecordingEvent recorded, ulong enabledLines)
    {
        if (Counts())
        {
            var pending = recorded.Value & recorded.Enabled;
            Add(in recorded, "interrupt", CpuLines.NameOf(recorded.Pin), $"number {recorded.Pin} of 0x{pending:x}", $"lines 0x{enabledLines:x}", RecordingSpace.Iocsr, AddressOfLine(recorded.Pin), recorded.Cpu);
        }
    }

    /// <summary>Whether the one that is counted is to be described.</summary>
    private bool Counts() => Count++ < detailed;

    private void Add(in RecordingEvent recorded, string what, string register, string expected, string actual, RecordingSpace space, ulong address, int cpu)
    {
        var before = Enumerable.Range(Math.Max(0, _noted - LinesBefore), Math.Min(_noted, LinesBefore))
            .Select(i => $"{_before[i % LinesBefore].Line}: {_before[i % LinesBefore]}");
        _first.Add(new ReplayMismatch(recorded.Line, recorded.ToString(), what, register, expected, actual, [.. before], StateAround(space, address, cpu)));
    }

    private List<string> StateAround(RecordingSpace space, ulong address, int cpu)
    {
        var lister = new StateLister();
        machine.SyncState(lister, space, address, cpu);
        return [.. lister.Rows.Where(row => row.Value != 0).Take(MostRows).Select(row => $"{row.Key} = 0x{row.Value:x}")];
    }

    private static string KindOf(in ReplayEffect effect) => effect.Kind switch
    {
        RecordingKind.NestedRead => "nested read",
        RecordingKind.NestedWrite => "nested write",
        RecordingKind.VectorPin or RecordingKind.VectorPinAgain => "vector pin",
        _ => "CPU line",
    };

    private static string NameOf(in ReplayEffect effect) => effect.Kind switch
    {
        RecordingKind.NestedRead or RecordingKind.NestedWrite => ReplayMachine.NameOf(RecordingSpace.Iocsr, effect.Address),
        RecordingKind.VectorPin or RecordingKind.VectorPinAgain => $"vector {effect.Pin}",
        _ => $"CPU {effect.Cpu} {CpuLines.NameOf(effect.Pin)}",
    };

    /// <summary>A register of the device whose state explains the effect.</summary>
    private static ulong AddressOf(in ReplayEffect effect) => effect.Kind switch
    {
        RecordingKind.NestedRead or RecordingKind.NestedWrite => effect.Address,
        RecordingKind.CpuLine or RecordingKind.CpuLineAgain => AddressOfLine(effect.Pin),
        _ => Devices.LoongArch.Eiointc.EiointcRegisters.Base,
    };

    private static ulong AddressOfLine(int line) =>
        line == CpuLines.Ipi ? Devices.LoongArch.Ipi.IpiRegisters.Base : Devices.LoongArch.Eiointc.EiointcRegisters.Base;
}
