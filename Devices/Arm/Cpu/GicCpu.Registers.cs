using System.Runtime.CompilerServices;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Cpu;

/// <content>The registers of the CPU interface as the guest reaches them: acknowledge, end, deactivate (spec gicv3-its 2.3 to 2.5).</content>
public sealed partial class GicCpu
{
    private const int IdentifierMask = 0xFF_FFFF;

    /// <summary>
    /// Reads a register as the guest does: a read of IAR acknowledges. One that cannot be read (<see cref="IccRegisters.IsReadable"/>) is
    /// 0 here and an undefined instruction in the guest.
    /// </summary>
    public ulong ReadRegister(IccRegister register) => register switch
    {
        IccRegister.Pmr => _interface.PriorityMask,
        IccRegister.Iar0 => Acknowledge(0),
        IccRegister.Iar1 => Acknowledge(1),
        IccRegister.Hppir0 => HighestOf(0),
        IccRegister.Hppir1 => HighestOf(1),
        IccRegister.Bpr0 => _interface.BinaryPoint(0),
        IccRegister.Bpr1 => _interface.BinaryPoint(1),
        IccRegister.Ap0R0 => _interface.ActivePriorities(0),
        IccRegister.Ap1R0 => _interface.ActivePriorities(1),
        IccRegister.Rpr => _interface.RunningPriority,
        IccRegister.Ctlr => _interface.Control,
        IccRegister.Sre => CpuInterface.SystemRegistersOn,
        IccRegister.IgrpEn0 => _interface.IsEnabled(0) ? 1u : 0,
        IccRegister.IgrpEn1 => _interface.IsEnabled(1) ? 1u : 0,
        _ => 0,
    };

    /// <summary>Writes a register as the guest does. One that cannot be written stays, and so do those for SGIs, which are the caller's.</summary>
    public void WriteRegister(IccRegister register, ulong value)
    {
        switch (register)
        {
            case IccRegister.Eoir0 or IccRegister.Eoir1:
                End((int)value & IdentifierMask, register == IccRegister.Eoir1 ? 1 : 0);
                break;
            case IccRegister.Dir:
                DeactivateDirect((int)value & IdentifierMask);
                break;
            case IccRegister.Pmr:
                _interface.PriorityMask = (byte)value;
                break;
            case IccRegister.Bpr0 or IccRegister.Bpr1:
                _interface.SetBinaryPoint(register == IccRegister.Bpr1 ? 1 : 0, (byte)value);
                break;
            case IccRegister.Ap0R0 or IccRegister.Ap1R0:
                _interface.SetActivePriorities(register == IccRegister.Ap1R0 ? 1 : 0, (uint)value);
                break;
            case IccRegister.Ctlr:
                _interface.Control = (uint)value;
                break;
            case IccRegister.IgrpEn0 or IccRegister.IgrpEn1:
                _interface.SetEnabled(register == IccRegister.IgrpEn1 ? 1 : 0, (value & 1) != 0);
                break;
            default:
                return;
        }

        Refresh();
    }

    private ulong HighestOf(int group) => (ulong)(_best.Exists && _best.Group == group ? _best.InterruptId : InterruptIds.Spurious);

    private ulong Acknowledge(int group)
    {
        var taken = _best;
        if (!taken.Exists || taken.Group != group || !_interface.CanPreempt(in taken))
        {
            return InterruptIds.Spurious;
        }

        if (InterruptIds.IsPrivate(taken.InterruptId))
        {
            _private.Latched &= ~(1u << taken.InterruptId);
            _private.Active |= 1u << taken.InterruptId;
            Report(ReportKind.Acknowledged, taken.InterruptId);
        }
        else
        {
            AcknowledgeHeld(taken.InterruptId);
        }

        _interface.Activate(in taken);
        Refresh();
        return (ulong)taken.InterruptId;
    }

    /// <summary>An LPI has no active state: it goes back to the board at once.</summary>
    private void AcknowledgeHeld(int interruptId)
    {
        ref var entry = ref _held.Find(interruptId);
        entry.Latched = false;
        entry.Active = !entry.IsLpi;
        _held.Changed(ref entry);
        Report(ReportKind.Acknowledged, interruptId);
        ReleaseIfIdle(ref entry);
    }

    private void End(int interruptId, int group)
    {
        if (interruptId is >= InterruptIds.FirstSpecial and <= InterruptIds.Spurious)
        {
            return;
        }

        // QEMU ends nothing where the other group runs, or for a number that no interrupt of the machine has.
        if (_profile.EndDeactivatesAny
            && (_interface.RunningPriority == CpuInterface.IdlePriority || _interface.RunningGroup != group || !IsImplemented(interruptId)))
        {
            return;
        }

        var mask = _interface.GroupMask(group);
        var dropped = _profile.EndDeactivatesAny ? _interface.DropPriority(group) : _interface.DropPriority();
        if (interruptId >= InterruptIds.FirstLpi)
        {
            if (dropped != CpuInterface.IdlePriority && InterruptIds.IsLpi(interruptId))
            {
                Report(ReportKind.Ended, interruptId);
            }
        }
        else if (!_interface.SplitsEnd)
        {
            DeactivateEnded(interruptId, group, dropped, mask);
        }
    }

    private bool IsImplemented(int interruptId) => interruptId < _interrupts || (_hasLpis && interruptId >= InterruptIds.FirstLpi);

    /// <summary>In KVM only the interrupt whose group and priority were dropped is deactivated with it.</summary>
    private void DeactivateEnded(int interruptId, int group, byte dropped, byte mask)
    {
        if (InterruptIds.IsPrivate(interruptId))
        {
            if (_profile.EndDeactivatesAny || (_private.GroupOf(interruptId) == group && (_private.Priorities[interruptId] & mask) == dropped))
            {
                DeactivatePrivate(1u << interruptId);
            }

            return;
        }

        ref var entry = ref _held.Find(interruptId);
        if (!Unsafe.IsNullRef(ref entry))
        {
            if (_profile.EndDeactivatesAny || (entry.Group == group && (entry.Priority & mask) == dropped))
            {
                DeactivateHeld(ref entry);
            }
        }
        else if (InterruptIds.IsSpi(interruptId) && dropped != CpuInterface.IdlePriority && (_fetched.SequenceOf(interruptId) is not 0 || _profile.EndDeactivatesAny))
        {
            // In KVM it ends nothing that is not active here.
            _host.Deactivate(new(interruptId, IsDirect: false, group, dropped, mask, _fetched.SequenceOf(interruptId)));
        }
    }

    private void DeactivateDirect(int interruptId)
    {
        if (!_interface.SplitsEnd)
        {
            return;
        }

        if (InterruptIds.IsPrivate(interruptId))
        {
            DeactivatePrivate(1u << interruptId);
            return;
        }

        ref var entry = ref _held.Find(interruptId);
        if (!InterruptIds.IsSpi(interruptId))
        {
            return;
        }

        if (Unsafe.IsNullRef(ref entry))
        {
            _host.Deactivate(new(interruptId, IsDirect: true, 0, 0, 0, _fetched.SequenceOf(interruptId)));
        }
        else
        {
            DeactivateHeld(ref entry);
        }
    }

    private void DeactivatePrivate(uint bits)
    {
        var ended = _private.Active & bits;
        _private.Active &= ~bits;
        ReportEach(ReportKind.Ended, ended);
    }

    private void DeactivateHeld(ref HeldInterrupt entry)
    {
        if (!entry.Active)
        {
            return;
        }

        entry.Active = false;
        _held.Changed(ref entry);
        Report(ReportKind.Ended, entry.InterruptId);
        if (entry.IsLevelTriggered)
        {
            _host.Ended(entry.InterruptId);
        }

        ReleaseIfIdle(ref entry);
    }
}
