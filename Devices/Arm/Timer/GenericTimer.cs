using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Timer;

/// <summary>
/// The generic timer of one arm64 CPU as a KVM guest has it: the counters, and the virtual and the physical timer of EL1. The guest's
/// accesses do not trap. Each output is a level: high while the timer is enabled, not masked, and its counter has reached CVAL.
/// </summary>
/// <remarks>
/// The caller says what time it is at each access and calls <see cref="Expire"/> when an armed timer comes due.
/// </remarks>
public sealed class GenericTimer
{
    /// <summary>Output of the virtual timer: its PPI.</summary>
    public const int VirtualPin = 27;

    /// <summary>Output of the physical timer: its PPI.</summary>
    public const int PhysicalPin = 30;

    /// <summary>What it arms for the virtual timer.</summary>
    public const int VirtualTimer = 0;

    /// <summary>What it arms for the physical timer.</summary>
    public const int PhysicalTimer = 1;

    /// <summary>Timers that it arms.</summary>
    public const int TimerCount = 2;

    /// <summary>62.5 MHz, as QEMU's machine has it.</summary>
    public static readonly VirtualTime DefaultTick = VirtualTime.FromNanoseconds(16);

    /// <summary>ENABLE and IMASK of CNTV_CTL and CNTP_CTL; ISTATUS is what the counter makes of them.</summary>
    public const uint ControlStored = CompareTimer.Writable;

    // CNTKCTL_EL1: what EL0 may reach.
    private const uint UserPhysicalCounter = 1 << 0;
    private const uint UserVirtualCounter = 1 << 1;
    private const uint UserVirtualTimer = 1 << 8;
    private const uint UserPhysicalTimer = 1 << 9;

    /// <summary>What CNTKCTL_EL1 has: those and the event stream, which is stored and no more.</summary>
    private const uint UserControlWritable = 0x3FF;

    private readonly IDeviceHost _host;
    private readonly long _tick;

    private CompareTimer _virtual;
    private CompareTimer _physical;
    private ulong _virtualOffset;
    private ulong _physicalOffset;
    private uint _userControl;
    private bool _isHeld;

    /// <param name="host">Takes the two outputs and the two timers.</param>
    /// <param name="tick">Length of a tick of the counters; 10^12 ps divide by it.</param>
    public GenericTimer(IDeviceHost host, VirtualTime tick)
    {
        if (tick <= VirtualTime.Zero || tick > VirtualTime.FromNanoseconds(VirtualTime.PerNanosecond) || VirtualTime.PerSecond % tick.Picoseconds != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(tick), $"a tick of {tick} is outside 1ps to 1us, or its frequency is no whole number of hertz");
        }

        _host = host;
        _tick = tick.Picoseconds;
    }

    /// <summary>CNTFRQ_EL0, Hz.</summary>
    public ulong Frequency => (ulong)(VirtualTime.PerSecond / _tick);

    /// <summary>CNTVOFF: by how many ticks the VM's virtual counter is behind the host's. Whoever moves a VM sets it; VM-wide in KVM.</summary>
    public ulong VirtualOffset => _virtualOffset;

    /// <summary>Ticks since the start of time.</summary>
    public ulong HostCount(VirtualTime now) => (ulong)(now.Picoseconds / _tick);

    /// <summary>CNTVCT_EL0.</summary>
    public ulong VirtualCount(VirtualTime now) => unchecked(HostCount(now) - _virtualOffset);

    /// <summary>CNTPCT_EL0.</summary>
    public ulong PhysicalCount(VirtualTime now) => unchecked(HostCount(now) - _physicalOffset);

    /// <summary>Whether EL0 may reach a register, by CNTKCTL_EL1.</summary>
    public bool IsOpenToUser(ushort encoding)
    {
        var needed = encoding switch
        {
            SystemRegister.CntpctEl0 => UserPhysicalCounter,
            SystemRegister.CntvctEl0 => UserVirtualCounter,
            SystemRegister.CntfrqEl0 => UserPhysicalCounter | UserVirtualCounter,
            SystemRegister.CntvCtlEl0 or SystemRegister.CntvCvalEl0 or SystemRegister.CntvTvalEl0 => UserVirtualTimer,
            SystemRegister.CntpCtlEl0 or SystemRegister.CntpCvalEl0 or SystemRegister.CntpTvalEl0 => UserPhysicalTimer,
            _ => 0u,
        };
        return (_userControl & needed) != 0;
    }

    /// <summary>Reads a register as the guest at EL1 does.</summary>
    /// <returns>False where the timer has none of that encoding.</returns>
    public bool TryRead(ushort encoding, VirtualTime now, out ulong value)
    {
        Expire(now);
        var (virtualCount, physicalCount) = (VirtualCount(now), PhysicalCount(now));
        (var isKnown, value) = encoding switch
        {
            SystemRegister.CntfrqEl0 => (true, Frequency),
            SystemRegister.CntkctlEl1 => (true, _userControl),
            SystemRegister.CntvctEl0 => (true, virtualCount),
            SystemRegister.CntpctEl0 => (true, physicalCount),
            SystemRegister.CntvCtlEl0 => (true, _virtual.ControlAt(virtualCount)),
            SystemRegister.CntvCvalEl0 => (true, _virtual.Compare),
            SystemRegister.CntvTvalEl0 => (true, unchecked((uint)(_virtual.Compare - virtualCount))),
            SystemRegister.CntpCtlEl0 => (true, _physical.ControlAt(physicalCount)),
            SystemRegister.CntpCvalEl0 => (true, _physical.Compare),
            SystemRegister.CntpTvalEl0 => (true, unchecked((uint)(_physical.Compare - physicalCount))),
            _ => (false, 0ul),
        };
        return isKnown;
    }

    /// <summary>Writes a register as the guest at EL1 does.</summary>
    /// <returns>False where the timer has none of that encoding, or it is read-only: counters and frequency.</returns>
    public bool TryWrite(ushort encoding, ulong value, VirtualTime now)
    {
        Expire(now);
        switch (encoding)
        {
            case SystemRegister.CntkctlEl1:
                _userControl = (uint)value & UserControlWritable;
                return true;
            case SystemRegister.CntvCtlEl0:
                _virtual.Control = (uint)value & CompareTimer.Writable;
                break;
            case SystemRegister.CntvCvalEl0:
                _virtual.Compare = value;
                break;
            case SystemRegister.CntvTvalEl0:
                _virtual.Compare = unchecked(VirtualCount(now) + (ulong)(int)value);
                break;
            case SystemRegister.CntpCtlEl0:
                _physical.Control = (uint)value & CompareTimer.Writable;
                break;
            case SystemRegister.CntpCvalEl0:
                _physical.Compare = value;
                break;
            case SystemRegister.CntpTvalEl0:
                _physical.Compare = unchecked(PhysicalCount(now) + (ulong)(int)value);
                break;
            default:
                return false;
        }

        Recompute(now);
        return true;
    }

    /// <summary>The time is now <paramref name="now"/>: outputs whose counter has reached CVAL go high.</summary>
    public void Expire(VirtualTime now)
    {
        if (!_isHeld)
        {
            Drive(ref _virtual, VirtualPin, VirtualCount(now));
            Drive(ref _physical, PhysicalPin, PhysicalCount(now));
        }
    }

    /// <summary>Set-one-register of the virtual counter: the VM's time is now this.</summary>
    public void SetVirtualCount(ulong value, VirtualTime now)
    {
        _virtualOffset = unchecked(HostCount(now) - value);
        Recompute(now);
    }

    /// <summary>Set-one-register of the physical counter.</summary>
    public void SetPhysicalCount(ulong value, VirtualTime now)
    {
        _physicalOffset = unchecked(HostCount(now) - value);
        Recompute(now);
    }

    /// <summary>
    /// User space has stopped the vCPU: outputs stay as they are until <see cref="Resume"/>, so that what is read out of it and the
    /// state of its interrupts are of one instant. The counters go on, as the host's does.
    /// </summary>
    public void Hold(VirtualTime now)
    {
        Expire(now);
        if (!_isHeld)
        {
            _isHeld = true;
            _host.CancelTimer(VirtualTimer);
            _host.CancelTimer(PhysicalTimer);
        }
    }

    /// <summary>At a guest entry: a timer that was held catches up with the counters.</summary>
    public void Resume(VirtualTime now)
    {
        if (_isHeld)
        {
            _isHeld = false;
            Recompute(now);
        }
        else
        {
            Expire(now);
        }
    }

    /// <summary>The CPU is reset: timers off, nothing open to EL0. The counters go on.</summary>
    public void Reset(VirtualTime now)
    {
        (_virtual.Control, _virtual.Compare) = (0, 0);
        (_physical.Control, _physical.Compare) = (0, 0);
        _userControl = 0;
        Recompute(now);
    }

    /// <summary>All state, as rows without side effects: the armed timers are rows of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        _virtual.SyncState(sync, "CNTV");
        _physical.SyncState(sync, "CNTP");
        sync.Row("CNTVOFF", ref _virtualOffset);
        sync.Row("CNTPOFF", ref _physicalOffset);
        sync.Row("CNTKCTL_EL1", ref _userControl);
        sync.Row("held", ref _isHeld);
        if (sync.Loading)
        {
            StateCheck.Bits("CNTKCTL_EL1", _userControl, UserControlWritable);
        }
    }

    private void Recompute(VirtualTime now)
    {
        Expire(now);
        if (!_isHeld)
        {
            Arm(in _virtual, VirtualTimer, VirtualCount(now), now);
            Arm(in _physical, PhysicalTimer, PhysicalCount(now), now);
        }
    }

    private void Drive(ref CompareTimer timer, int pin, ulong count)
    {
        var level = timer.OutputAt(count);
        if (level != timer.Output)
        {
            timer.Output = level;
            _host.DrivePin(pin, level);
        }
    }

    /// <summary>What would come after the end of time is not armed.</summary>
    private void Arm(in CompareTimer timer, int which, ulong count, VirtualTime now)
    {
        var host = HostCount(now);
        var ticks = timer.Compare - count;
        if (timer.WaitsAt(count) && ticks <= (ulong)(long.MaxValue / _tick) - host)
        {
            _host.ArmTimer(which, new VirtualTime((long)(host + ticks) * _tick));
        }
        else
        {
            _host.CancelTimer(which);
        }
    }
}
