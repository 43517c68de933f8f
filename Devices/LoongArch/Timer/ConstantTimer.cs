using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Timer;

/// <summary>
/// The constant-frequency timer and the stable counter of one LoongArch CPU (registers TID, TCFG, TVAL, CNTC, TICLR), as
/// a KVM guest has them: in hardware, with no exits. It goes on counting while the vCPU does not run; what KVM saves and
/// recomputes around a deschedule gives the guest the same.
/// </summary>
/// <remarks>
/// The caller says what time it is at each access and calls <see cref="Expire"/> when the armed timer comes due. An
/// expiry it was told of late happens at the next access; periods missed by then give one TI, and the phase stays.
/// </remarks>
public sealed class ConstantTimer
{
    /// <summary>The one output: TI of the CPU. High at each expiry, low when TICLR is written; it latches in ESTAT.</summary>
    public const int InterruptPin = 0;

    /// <summary>The one timer it arms.</summary>
    public const int ExpiryTimer = 0;

    /// <summary>100 MHz, as QEMU's machine has it.</summary>
    public static readonly VirtualTime DefaultTick = VirtualTime.FromNanoseconds(10);

    private const ulong EnableBit = 1;
    private const ulong PeriodicBit = 2;

    /// <summary>The counter has 48 bits, its start value the same with the two lowest zero.</summary>
    private const ulong CounterMask = (1UL << 48) - 1;
    private const ulong StartMask = CounterMask & ~(EnableBit | PeriodicBit);

    private readonly IDeviceHost _host;
    private readonly LoongArchProfile _profile;
    private readonly long _tick;
    private readonly TimerRestore _restore;

    private uint _id;
    private ulong _configuration;
    private ulong _compensation;
    private byte _phase;
    private ulong _stoppedAt;

    /// <summary>Running: when the counter reaches 0. Fired: when it did. While the vCPU is held: how far it was from that, as a span.</summary>
    private VirtualTime _zeroAt;

    /// <param name="host">Takes TI and the one timer.</param>
    /// <param name="profile">Whose behaviour.</param>
    /// <param name="tick">Length of a tick of timer and stable counter.</param>
    /// <param name="id">What TID reads at first: KVM puts the vCPU's number there.</param>
    /// <param name="restore">See <see cref="TimerRestore"/>.</param>
    public ConstantTimer(
        IDeviceHost host,
        LoongArchProfile profile,
        VirtualTime tick,
        uint id,
        TimerRestore restore = TimerRestore.KeepsRemaining)
    {
        if (tick <= VirtualTime.Zero || tick > VirtualTime.FromNanoseconds(VirtualTime.PerNanosecond))
        {
            throw new ArgumentOutOfRangeException(nameof(tick), $"a tick of {tick} is outside 1ps to 1us");
        }

        _host = host;
        _profile = profile;
        _tick = tick.Picoseconds;
        _id = id;
        _restore = restore;
    }

    private TimerPhase Phase
    {
        get => (TimerPhase)_phase;
        set => _phase = (byte)value;
    }

    private bool IsPeriodic => (_configuration & PeriodicBit) != 0;

    /// <summary>
    /// Ticks from one expiry to the next. With a start value of 0 the counter is at 0 as soon as it is loaded: the timer
    /// fires at the write, and a periodic one then at each tick, the least time a reload takes.
    /// </summary>
    private long PeriodTicks => Math.Max(1, (long)(_configuration & StartMask));

    /// <summary>
    /// The VM's time offset, GCNTC: ticks by which its counter is ahead of the host's. Whoever can move a VM keeps it with his
    /// own rows; it is none of <see cref="SyncState"/>, for elsewhere it is always 0.
    /// </summary>
    public ulong CounterOffset { get; set; }

    /// <summary>What the guest's time instruction reads: ticks since the start of the VM's time, plus CNTC.</summary>
    public ulong StableCounter(VirtualTime now) => unchecked(VmCounter(now) + _compensation);

    /// <summary>KVM_REG_LOONGARCH_COUNTER: the counter of the VM, the same for all of its vCPUs.</summary>
    public ulong VmCounter(VirtualTime now) => unchecked(HostCounter(now) + CounterOffset);

    /// <summary>Ticks since the start of time.</summary>
    public ulong HostCounter(VirtualTime now) => (ulong)(now.Picoseconds / _tick);

    /// <summary>Reads a register as the guest does.</summary>
    public ulong ReadCsr(int number, VirtualTime now)
    {
        Expire(now);
        return number switch
        {
            Csr.Tid => _id,
            Csr.Tcfg => _configuration,
            Csr.Tval => CountAt(now),
            Csr.Cntc => _compensation,
            _ => 0,
        };
    }

    /// <summary>Writes a register as the guest does. TVAL is read-only.</summary>
    public void WriteCsr(int number, ulong value, VirtualTime now)
    {
        Expire(now);
        switch (number)
        {
            case Csr.Tid:
                _id = (uint)value;
                break;
            case Csr.Tcfg:
                WriteConfiguration(value, now);
                break;
            case Csr.Cntc:
                _compensation = value;
                break;
            case Csr.Ticlr when (value & 1) != 0:
                _host.DrivePin(InterruptPin, false);
                break;
        }
    }

    /// <summary>
    /// The time is now <paramref name="now"/>: if the counter has reached 0, TI is driven, once however many periods have
    /// passed, and a periodic timer goes on in its old phase. QEMU clears TCFG.EN of any other.
    /// </summary>
    public void Expire(VirtualTime now)
    {
        if (Phase != TimerPhase.Running || now < _zeroAt)
        {
            return;
        }

        _host.DrivePin(InterruptPin, true);
        if (IsPeriodic)
        {
            var period = Span(PeriodTicks);
            var passed = (now.Picoseconds - _zeroAt.Picoseconds) / period.Picoseconds;
            _zeroAt = new VirtualTime(_zeroAt.Picoseconds + (passed * period.Picoseconds)) + period;
            _host.ArmTimer(ExpiryTimer, _zeroAt);
        }
        else
        {
            Phase = TimerPhase.Fired;
            if (_profile.TimerExpiryClearsEnable)
            {
                _configuration &= ~EnableBit;
            }
        }
    }

    /// <summary>
    /// Set-one-register of TCFG: the timer then stands still until <see cref="Resume"/>. TCFG and TVAL may come in either
    /// order.
    /// </summary>
    public void RestoreConfiguration(ulong value, VirtualTime now)
    {
        Halt(now);
        _configuration = value & CounterMask;
    }

    /// <summary>Set-one-register of TVAL, as <see cref="RestoreConfiguration"/>.</summary>
    public void RestoreCount(ulong value, VirtualTime now)
    {
        Halt(now);
        _stoppedAt = value & CounterMask;
    }

    /// <summary>
    /// User space has stopped the vCPU: the counter stands still, so that what is read out of it, and the TI that goes with
    /// it, are of one instant.
    /// </summary>
    /// <remarks>
    /// KVM too reads TVAL as it was when the vCPU was unloaded; but a vCPU that goes on where it was has lost that time of its
    /// timer. Here it has not: a VMM that stops a VM gives its counter the old value back (QEMU target/loongarch/kvm,
    /// kvm_loongarch_vm_stage_change), and the timer belongs to that counter.
    /// </remarks>
    public void Hold(VirtualTime now)
    {
        Expire(now);
        switch (Phase)
        {
            case TimerPhase.Running:
                (Phase, _zeroAt) = (TimerPhase.HeldRunning, _zeroAt - now);
                _host.CancelTimer(ExpiryTimer);
                break;
            case TimerPhase.Fired:
                (Phase, _zeroAt) = (TimerPhase.HeldFired, now - _zeroAt);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// At a guest entry: starts a timer that user space has set; any other catches up with what it missed while the vCPU
    /// was away.
    /// </summary>
    public void Resume(VirtualTime now)
    {
        if (Phase is TimerPhase.HeldRunning)
        {
            RunUntil(now + _zeroAt, now);
            return;
        }

        if (Phase is TimerPhase.HeldFired)
        {
            (Phase, _zeroAt) = (TimerPhase.Fired, VirtualTime.Max(VirtualTime.Zero, now - _zeroAt));
            return;
        }

        if (Phase != TimerPhase.Restored)
        {
            Expire(now);
            return;
        }

        if ((_configuration & EnableBit) == 0)
        {
            Phase = TimerPhase.Stopped;
        }
        else if (!IsPeriodic && _stoppedAt > _configuration)
        {
            // It had fired before it was saved. KVM lets the counter pass 0 once more and clears the TI that this makes.
            Phase = TimerPhase.Fired;
            _zeroAt = now;
            if (_restore == TimerRestore.ExpiredFiresAgain)
            {
                _host.DrivePin(InterruptPin, true);
            }
        }
        else if (_restore == TimerRestore.FiresAtOnce)
        {
            // The expiry time of the new vCPU is 0, the start of the host's clock: the new phase is counted from there.
            RunUntil(IsPeriodic ? VirtualTime.Zero : now, now);
        }
        else
        {
            RunUntil(now + Span((long)_stoppedAt), now);
        }
    }

    /// <summary>All state, as rows without side effects: the armed timer is a row of the caller's.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("TID", ref _id);
        sync.Row("TCFG", ref _configuration);
        sync.Row("CNTC", ref _compensation);
        sync.RowBelow("phase", ref _phase, (int)TimerPhase.HeldFired + 1);
        sync.Row("stopped at", ref _stoppedAt);
        sync.Row("zero at", ref _zeroAt);
        if (sync.Loading && ((_configuration | _stoppedAt) > CounterMask || _zeroAt < VirtualTime.Zero))
        {
            throw new StateFormatException(
                $"row 'TCFG': 0x{_configuration:x} with a count of 0x{_stoppedAt:x} and a zero at {_zeroAt.Picoseconds} ps is no state of a 48-bit timer");
        }
    }

    private void WriteConfiguration(ulong value, VirtualTime now)
    {
        _stoppedAt = CountAt(now);
        _configuration = value & CounterMask;
        _host.CancelTimer(ExpiryTimer);
        if ((_configuration & EnableBit) == 0)
        {
            Phase = TimerPhase.Stopped;
            return;
        }

        RunUntil(now + Span((long)(_configuration & StartMask)), now);
    }

    private void Halt(VirtualTime now)
    {
        if (Phase == TimerPhase.Restored)
        {
            return;
        }

        Expire(now);
        _stoppedAt = CountAt(now);
        Phase = TimerPhase.Restored;
        _host.CancelTimer(ExpiryTimer);
    }

    /// <summary>Counts down to a time; one that is not in the future is an expiry at once, and no timer is armed for it.</summary>
    private void RunUntil(VirtualTime zeroAt, VirtualTime now)
    {
        Phase = TimerPhase.Running;
        _zeroAt = zeroAt;
        if (zeroAt > now)
        {
            _host.ArmTimer(ExpiryTimer, zeroAt);
        }
        else
        {
            Expire(now);
        }
    }

    private VirtualTime Span(long ticks) => ticks > long.MaxValue / _tick ? VirtualTime.Never : new(ticks * _tick);

    /// <summary>TVAL. A running counter is above 0: what has expired was dealt with before.</summary>
    private ulong CountAt(VirtualTime now) => Phase switch
    {
        TimerPhase.Running => CountBefore(_zeroAt - now),
        TimerPhase.Fired => CountAfter(now - _zeroAt),
        TimerPhase.HeldRunning => CountBefore(_zeroAt),
        TimerPhase.HeldFired => CountAfter(_zeroAt),
        _ => _stoppedAt,
    };

    private ulong CountBefore(VirtualTime zero) => (ulong)(((zero.Picoseconds - 1) / _tick) + 1) & CounterMask;

    private ulong CountAfter(VirtualTime zero) => (CounterMask - (ulong)(zero.Picoseconds / _tick)) & CounterMask;
}
