using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Devices.Arm.Cpu;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>SGIs that this CPU asks for: a trap, then each target is set pending and kicked, one after the other.</summary>
public sealed partial class ArmVcpu
{
    private const int SgiMask = 0xF;

    // What was written, to which register, and how far its targets are told.
    private ulong _sgiValue;
    private SgiKind _sgiKind;
    private int _sgiPosition;

    /// <summary>Decoding and look-ups are part of what the exit costs.</summary>
    protected override CostKind? SignalCost => null;

    protected override CostKind? SignalTargetCost => null;

    private SgiRequest OpenSgi => new(_sgiValue);

    protected override void ServeSystemRegister(int register, ulong value)
    {
        (_sgiValue, _sgiKind, _sgiPosition) = (value, IccRegisters.KindOf((IccRegister)register), 0);
        StartSignals(ExitReasons.SgiWrite(_sgiKind));
    }

    protected override bool TryTakeTarget(out int vcpu)
    {
        var found = OpenSgi.TryNext(_ids, Settings.Index, ref _sgiPosition, out vcpu, _profile.TargetsByIndex);
        vcpu = found ? vcpu : NoTarget;
        return found;
    }

    protected override void SignalSelf(VirtualTime start)
    {
        var interruptId = OpenSgi.InterruptId;
        if (_cpu.Gic.TrySetSgi(interruptId, _sgiKind))
        {
            NoteOrigin(interruptId, InterruptSource.Ipi, start);
        }
    }

    protected override void SignalOther(ActorAddress target, VirtualTime start, VirtualTime kick)
    {
        NoteSignal(target, OpenSgi.InterruptId);
        var word = (ulong)(uint)OpenSgi.InterruptId | ((ulong)_sgiKind << SourceShift);
        Send(target, MessageKind.SgiSignal, word, 1 | ((ulong)InterruptSource.Ipi << SourceShift), (ulong)start.Picoseconds, (ulong)kick.Picoseconds);
    }

    private static int SgiOf(ulong word) => (int)word & SgiMask;

    private static SgiKind SgiKindOf(ulong word) => (SgiKind)(byte)(word >> SourceShift);

    private void SyncSgi(StateSync sync)
    {
        sync.Begin("sgi");
        sync.Row("value", ref _sgiValue);
        var kind = (byte)_sgiKind;
        sync.RowBelow("kind", ref kind, (int)SgiKind.Sgi0 + 1);
        _sgiKind = (SgiKind)kind;
        sync.Count("position", ref _sgiPosition, Settings.Count + SgiMask + 1);
        sync.End();
    }
}
