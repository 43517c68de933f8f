using System.Numerics;
using Trapline.Actors.Arm;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>
/// The interrupts of an ARM CPU, as hand-overs bring SPIs and LPIs and as it reports its SGIs and PPIs: none is acknowledged that was not
/// raised, none ended that was not acknowledged, and no sleep while one could be signalled.
/// </summary>
internal sealed class ArmVcpuWatch(GroupObserver observer, ArmVcpu vcpu) : CpuWatch(observer, vcpu.Address)
{
    private const int BlockLength = 32;
    private const byte IdlePriority = 0xFF;

    private readonly SortedDictionary<int, Entry> _held = [];

    // SGIs and PPIs: raised since they were acknowledged or taken back last; acknowledged and not ended. A level may be found high again.
    private uint _raised;
    private uint _active;
    private bool _knowsAll = true;

    public override void Received(in Message message)
    {
        if (message.Kind == MessageKind.InterruptHand)
        {
            Take(Handover.Unpack(message.Word0));
            Observer.SettleLater(this);
        }
        else if (message.Kind == MessageKind.SgiSignal)
        {
            // Its group may have it refused; if not, a report says that it is pending.
            Observer.SettleLater(this);
        }
        else if (message.Kind == MessageKind.MmioWrite)
        {
            // GICR_ISACTIVER0 makes active what nobody has acknowledged.
            _active |= ArmAddressMap.TryFindRedistributor(message.Word0, CpuAffinity.MaximumVcpus, out _, out var offset) && offset == ArmAddressMap.FrameBytes + SgiFrameRegisters.SetActive
                ? (uint)message.Word2
                : 0;
        }
        else if (message.Kind == MessageKind.InterruptRecall)
        {
            var first = (int)(uint)message.Word0;
            for (var rest = (uint)(message.Word0 >> BlockLength); rest != 0; rest &= rest - 1)
            {
                _ = _held.Remove(first + BitOperations.TrailingZeroCount(rest));
            }
        }
    }

    public override void Reported(in DeviceReport report)
    {
        if (InterruptIds.IsPrivate(report.Line))
        {
            ReportedPrivate(report.Kind, report.Line);
        }
        else
        {
            ReportedHeld(report.Kind, report.Line);
        }
    }

    /// <inheritdoc/>
    public override void Settle()
    {
        Unsettled = false;
        if (vcpu.Phase != VcpuPhase.Blocked)
        {
            return;
        }

        if (vcpu.Lines != 0)
        {
            Violated(Invariant.Asleep, $"it sleeps while INTID {vcpu.Cpu.Gic.HighestPending.InterruptId} is signalled to it");
            return;
        }

        foreach (var (interruptId, entry) in _held)
        {
            if (entry.IsPending && !entry.IsActive && CanSignal(entry))
            {
                Violated(Invariant.Asleep, $"it sleeps while INTID {interruptId}, which it was handed, is pending, enabled and not masked by priority");
                return;
            }
        }
    }

    public override void Forget()
    {
        _held.Clear();
        (_raised, _active, _knowsAll) = (uint.MaxValue, uint.MaxValue, false);
    }

    /// <summary>Of a CPU in which nothing runs: its group is enabled, and the priority is above the mask.</summary>
    private bool CanSignal(in Entry entry)
    {
        var gic = vcpu.Cpu.Gic;
        return gic.ReadRegister(IccRegister.Rpr) == IdlePriority
            && entry.Priority < gic.ReadRegister(IccRegister.Pmr)
            && gic.ReadRegister(entry.IsGroup1 ? IccRegister.IgrpEn1 : IccRegister.IgrpEn0) != 0;
    }

    private void Take(in Handover handover)
    {
        var entry = _held.GetValueOrDefault(handover.InterruptId);
        entry.IsLatched |= (handover.Flags & HandoverFlags.SetLatch) != 0;
        entry.IsHigh = (handover.Flags & (HandoverFlags.Line | HandoverFlags.LevelTriggered)) == (HandoverFlags.Line | HandoverFlags.LevelTriggered);
        entry.IsActive |= (handover.Flags & HandoverFlags.Active) != 0;
        entry.IsGroup1 = (handover.Flags & HandoverFlags.Group1) != 0;
        entry.Priority = handover.Priority;
        Keep(handover.InterruptId, in entry);
    }

    private void Keep(int interruptId, in Entry entry)
    {
        if (entry.IsPending || entry.IsActive)
        {
            _held[interruptId] = entry;
        }
        else
        {
            _ = _held.Remove(interruptId);
        }
    }

    private void ReportedHeld(ReportKind kind, int interruptId)
    {
        var entry = _held.GetValueOrDefault(interruptId);
        switch (kind)
        {
            case ReportKind.Acknowledged when _knowsAll && (!entry.IsPending || entry.IsActive):
                Violated(Invariant.RaiseInvented, $"INTID {interruptId} is acknowledged, but {(entry.IsActive ? "it is active" : "nothing has raised it here")}");
                break;
            case ReportKind.Acknowledged:
                entry.IsLatched = false;
                entry.IsActive = !InterruptIds.IsLpi(interruptId);
                Keep(interruptId, in entry);
                break;
            case ReportKind.Ended when _knowsAll && !entry.IsActive:
                Violated(Invariant.Pairing, $"INTID {interruptId} is ended, but was not acknowledged");
                break;
            case ReportKind.Ended:
                entry.IsActive = false;
                Keep(interruptId, in entry);
                break;
            default:
                break;
        }
    }

    private void ReportedPrivate(ReportKind kind, int interruptId)
    {
        var bit = 1u << interruptId;
        switch (kind)
        {
            case ReportKind.Raised:
                _raised |= bit;
                Observer.SettleLater(this);
                break;
            case ReportKind.Withdrawn:
                _raised &= ~bit;
                break;
            case ReportKind.Acknowledged when (_raised & bit) == 0:
                Violated(Invariant.RaiseInvented, $"INTID {interruptId} is acknowledged, but was not raised since it was acknowledged last");
                break;
            case ReportKind.Acknowledged:
                _raised &= InterruptIds.IsSgi(interruptId) ? ~bit : uint.MaxValue;
                _active |= bit;
                break;
            case ReportKind.Ended when (_active & bit) == 0:
                Violated(Invariant.Pairing, $"INTID {interruptId} is ended, but was not acknowledged");
                break;
            case ReportKind.Ended:
                _active &= ~bit;
                break;
            default:
                break;
        }
    }

    private struct Entry
    {
        public bool IsLatched;
        public bool IsHigh;
        public bool IsActive;
        public bool IsGroup1;
        public byte Priority;

        public readonly bool IsPending => IsLatched || IsHigh;
    }
}
