using Trapline.Devices.LoongArch;
using Trapline.Machines.Recordings.LoongArch;
using Trapline.Messages.State;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>Describes mismatches in the terms of LoongArch's controllers.</summary>
internal sealed class LoongArchMismatches(LoongArchReplayMachine machine, int detailed)
{
    private readonly MismatchLog<LoongArchEvent> _log = new(detailed);

    public long Count => _log.Count;

    public IReadOnlyList<ReplayMismatch> First => _log.First;

    /// <summary>Remembers a line that has been replayed.</summary>
    public void Note(in LoongArchEvent recorded) => _log.Note(in recorded);

    public void AddRead(in LoongArchEvent recorded, ulong actual)
    {
        if (_log.Counts())
        {
            Add(in recorded, "read", LoongArchReplayMachine.NameOf(recorded.Space, recorded.Address), $"0x{recorded.Value:x}", $"0x{actual:x}", recorded.Space, recorded.Address, recorded.Cpu);
        }
    }

    /// <summary>The recording has an effect that the devices did not have.</summary>
    /// <param name="recorded">It.</param>
    /// <param name="instead">What they had next, if anything.</param>
    public void AddEffect(in LoongArchEvent recorded, ReplayEffect? instead)
    {
        if (_log.Counts())
        {
            var effect = ReplayEffect.Of(in recorded);
            Add(in recorded, KindOf(effect), NameOf(effect), effect.ToString(), instead?.ToString() ?? "nothing", LoongArchSpace.Iocsr, AddressOf(effect), recorded.Cpu);
        }
    }

    /// <summary>The devices had an effect that the recording has not.</summary>
    public void AddMissing(in LoongArchEvent input, in ReplayEffect effect)
    {
        if (_log.Counts())
        {
            Add(in input, KindOf(effect), NameOf(effect), "nothing", effect.ToString(), LoongArchSpace.Iocsr, AddressOf(effect), effect.Cpu);
        }
    }

    public void AddInterrupt(in LoongArchEvent recorded, ulong enabledLines)
    {
        if (_log.Counts())
        {
            var pending = recorded.Value & recorded.Enabled;
            Add(in recorded, "interrupt", CpuLines.NameOf(recorded.Pin), $"number {recorded.Pin} of 0x{pending:x}", $"lines 0x{enabledLines:x}", LoongArchSpace.Iocsr, AddressOfLine(recorded.Pin), recorded.Cpu);
        }
    }

    private void Add(in LoongArchEvent recorded, string what, string register, string expected, string actual, LoongArchSpace space, ulong address, int cpu)
    {
        var state = new StateLister();
        machine.SyncState(state, space, address, cpu);
        _log.Describe(in recorded, what, register, expected, actual, state.Rows);
    }

    private static string KindOf(in ReplayEffect effect) => effect.Kind switch
    {
        LoongArchEventKind.NestedRead => "nested read",
        LoongArchEventKind.NestedWrite => "nested write",
        LoongArchEventKind.VectorPin or LoongArchEventKind.VectorPinAgain => "vector pin",
        _ => "CPU line",
    };

    private static string NameOf(in ReplayEffect effect) => effect.Kind switch
    {
        LoongArchEventKind.NestedRead or LoongArchEventKind.NestedWrite => LoongArchReplayMachine.NameOf(LoongArchSpace.Iocsr, effect.Address),
        LoongArchEventKind.VectorPin or LoongArchEventKind.VectorPinAgain => $"vector {effect.Pin}",
        _ => $"CPU {effect.Cpu} {CpuLines.NameOf(effect.Pin)}",
    };

    /// <summary>A register of the device whose state explains the effect.</summary>
    private static ulong AddressOf(in ReplayEffect effect) => effect.Kind switch
    {
        LoongArchEventKind.NestedRead or LoongArchEventKind.NestedWrite => effect.Address,
        LoongArchEventKind.CpuLine or LoongArchEventKind.CpuLineAgain => AddressOfLine(effect.Pin),
        _ => Devices.LoongArch.Eiointc.EiointcRegisters.Base,
    };

    private static ulong AddressOfLine(int line) =>
        line == CpuLines.Ipi ? Devices.LoongArch.Ipi.IpiRegisters.Base : Devices.LoongArch.Eiointc.EiointcRegisters.Base;
}
