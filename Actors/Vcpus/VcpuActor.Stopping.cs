using Trapline.Actors.Boundary;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// KVM_RUN from outside: when it begins, when user space makes it return by a signal, and what there is to get and set
/// meanwhile.
/// </summary>
/// <remarks>
/// As on real KVM a stopped vCPU stands between two instructions and has no exit open: a device's answer has reached its
/// register, a hypercall has reached all that it names, <c>idle</c> is over. What is queued for the next guest entry stays queued.
/// </remarks>
public abstract partial class VcpuActor
{
    // Who made the signal pending that makes KVM_RUN return.
    private bool _stopWanted;
    private ActorAddress _stopper;

    // The guest has come to its exit; its thread does not call KVM_RUN any more.
    private bool _hasEnded;

    /// <summary>The CPU is off: KVM_RUN is called, and waits. A row of the architectures that have it.</summary>
    protected bool IsPoweredOff { get; set; }

    /// <summary>Whether this architecture's vCPUs can be off: user space then reads and sets it.</summary>
    protected virtual bool HasPowerSwitch => false;

    /// <summary>The guest has come to its <c>exit</c>, on this host or another.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>As firmware leaves it: the stack at the end of the CPU's own area, all else zero.</summary>
    private void SetInitialRegisters()
    {
        this[_program.Architecture.StackPointer] = _layout.PerCpuArea(Settings.Index) + GuestLayout.PerCpuStride;
        _pc = _program.EntryPoint;
    }

    private void StartRunning()
    {
        if (!_exists)
        {
            throw new SimulationException($"{Address} is told to run at {Now}, but no KVM_CREATE_VCPU has made it");
        }

        if (_phase is not (VcpuPhase.Stopped or VcpuPhase.Paused))
        {
            throw new SimulationException($"{Address} is told to run at {Now}, but it runs already (phase {_phase})");
        }

        if (_hasEnded)
        {
            return;
        }

        if (IsPoweredOff)
        {
            _phase = VcpuPhase.PoweredOff;
            return;
        }

        LoadedAnew();
        ApplyQueuedLines();
        _phase = VcpuPhase.Running;
        _next = Now;
    }

    /// <summary>The CPU switches itself off in the open exit, which so has no way back into the guest.</summary>
    /// <param name="reason">Of the exit.</param>
    protected void PowerOff(int reason)
    {
        Statistics.Exits.Add(reason, Now - _exitStart);
        IsPoweredOff = true;
        _phase = VcpuPhase.PoweredOff;
        _next = VirtualTime.Never;
        NotePhase();
        StopIfOff();
    }

    /// <summary>Another CPU switches this one on, which is off: it starts anew, with all registers as firmware leaves them.</summary>
    /// <param name="entry">Where.</param>
    /// <param name="departure">When its thread was woken.</param>
    protected void PowerOn(ulong entry, VirtualTime departure)
    {
        Array.Clear(_registers);
        SetInitialRegisters();
        _pc = entry;
        IsPoweredOff = false;
        if (_phase == VcpuPhase.PoweredOff)
        {
            _phase = VcpuPhase.PoweringOn;
            _next = VirtualTime.Max(Now, departure + Costs.KickIdle) + Costs.WakeIdle;
        }
    }

    /// <summary>A signal ends KVM_RUN of a vCPU that is off at once.</summary>
    private void StopIfOff()
    {
        if (_stopWanted && _phase == VcpuPhase.PoweredOff)
        {
            _exitReason = ExitReasons.Signal;
            ReturnFromRun();
        }
    }

    /// <summary>
    /// A signal for the vCPU's thread. In the guest it is a kick, and KVM_RUN returns instead of entering the guest again;
    /// asleep it wakes; outside the exit at hand goes on to its end first.
    /// </summary>
    private void StopRunning(in Message message)
    {
        if (Settings.IsBareMetal || !IsMigratable)
        {
            throw new SimulationException($"{Address} is told by {message.Source} to leave KVM_RUN at {Now}, but {(Settings.IsBareMetal ? "it is bare metal" : "the plan of this run says that no VM leaves its host (SimulationPlan.IsMigratable)")}");
        }

        if (_phase is VcpuPhase.Stopped or VcpuPhase.Paused)
        {
            Send(message.Source, MessageKind.RunStopped, _phase == VcpuPhase.Paused ? 1UL : 0);
            return;
        }

        (_stopWanted, _stopper) = (true, message.Source);
        StopIfOff();
        if (_phase == VcpuPhase.Blocked)
        {
            _phase = VcpuPhase.Waking;
            _next = Now + Costs.KickIdle + Costs.WakeIdle;
        }
        else if (InGuest && _kickAt.IsNever)
        {
            _kickAt = Now + Costs.KickRunning;
            if (_phase is VcpuPhase.Working or VcpuPhase.Spinning)
            {
                _next = VirtualTime.Min(_next, _kickAt);
            }
        }
    }

    /// <summary>The signal is seen on the way into the guest.</summary>
    private void ReturnFromRun()
    {
        if (_exitReason != ExitReasons.Signal)
        {
            // The exit has a row of its own, and KVM counts the signal beside it.
            Statistics.Exits.Add(ExitReasons.Signal, VirtualTime.Zero);
        }

        _stopWanted = false;
        _phase = VcpuPhase.Paused;
        _next = VirtualTime.Never;
        _kickAt = VirtualTime.Never;
        NotePhase();
        FaultIfRefused();
        LeftRun();
        Send(_stopper, MessageKind.RunStopped, 1);
        ServeIoctls();
    }

    /// <summary>KVM_GET_REGS and KVM_SET_REGS; null for any other call.</summary>
    private int? TryServeRegister(in Message request, out ulong value)
    {
        value = 0;
        var isSet = IoctlMessage.Ioctl(in request) == KvmIoctl.SetRegister;
        if (!isSet && IoctlMessage.Ioctl(in request) != KvmIoctl.GetRegister)
        {
            return null;
        }

        if (request.Word1 >= VcpuRegister.Count && !(HasPowerSwitch && request.Word1 == VcpuRegister.PoweredOff))
        {
            return Errno.InvalidArgument;
        }

        if (isSet)
        {
            return TrySetRegister((int)request.Word1, request.Word2);
        }

        value = GetRegister((int)request.Word1);
        return Errno.Success;
    }

    private ulong GetRegister(int index) => index switch
    {
        VcpuRegister.ProgramCounter => _pc,
        VcpuRegister.Draws => _draws,
        VcpuRegister.HasEnded => _hasEnded ? 1UL : 0,
        VcpuRegister.WorkDraws => _workDraws,
        VcpuRegister.WorkRemaining => WorkRemaining,
        VcpuRegister.PoweredOff => IsPoweredOff ? 1UL : 0,
        _ => _registers[index],
    };

    private int TrySetRegister(int index, ulong value)
    {
        switch (index)
        {
            case VcpuRegister.ProgramCounter:
                _pc = value;
                break;
            case VcpuRegister.Draws:
                _draws = value;
                break;
            case VcpuRegister.HasEnded when value > (IsMigratable ? 1UL : 0):
            case VcpuRegister.WorkDraws when value != 0 && Perturbation.Work == 0:
            case VcpuRegister.PoweredOff when value > 1:
                return Errno.InvalidArgument;
            case VcpuRegister.HasEnded:
                _hasEnded = value == 1;
                break;
            case VcpuRegister.WorkDraws:
                _workDraws = value;
                break;
            case VcpuRegister.WorkRemaining:
                WorkRemaining = value;
                break;
            case VcpuRegister.PoweredOff:
                IsPoweredOff = value == 1;
                break;
            default:
                this[index] = value;
                break;
        }

        return Errno.Success;
    }

    /// <summary>Of a vCPU that is out of KVM_RUN.</summary>
    internal sealed override void SyncRegisters(StateSync sync)
    {
        for (var index = 0; index < VcpuRegister.Count; index++)
        {
            var value = GetRegister(index);
            sync.Row(VcpuRegister.NameOf(index), ref value);
        }

        for (var index = VcpuRegister.GeneralCount; index < _registers.Length; index++)
        {
            // Indices of the interface end before them.
            sync.Row("r", ref _registers[index]);
        }

        if (HasPowerSwitch)
        {
            var isOff = IsPoweredOff;
            sync.Row(VcpuRegister.NameOf(VcpuRegister.PoweredOff), ref isOff);
        }

        SyncControlRegisters(sync);
    }

    /// <summary>The architecture's own registers, for a listing: what each would read, and nothing happens by it.</summary>
    protected abstract void SyncControlRegisters(StateSync sync);

    /// <summary>All that a vCPU is but for its statistics becomes that of one that was never created.</summary>
    private void Forget()
    {
        Array.Clear(_registers);
        (_pc, _leftAt, _draws, _workDraws) = (0, 0, 0, 0);
        (_stopWanted, _stopper, _hasEnded) = (false, default, false);
        (_workEnd, _accessStart, _accessValue, _watchNumber) = (default, default, 0, 0);
        (_signalTarget, _signalOpen, _signalAt) = (NoTarget, false, default);
        (_exitStart, _exitCost, _exitAction, _exitReason) = (default, default, ExitAction.None, ExitReasons.HostInterrupt);
        (_exitRegister, _exitAddress, _exitWidth, _exitValue, _exitUnsigned) = (0, 0, 0, 0, false);
        (_exitTarget, _exitEntry, _exitFaults) = (default, default, false);
        (_exitKind, _itemised, _workKind) = (default, default, CostKind.Work);
        (InterruptWanted, IsPoweredOff) = (false, false);
    }

    /// <summary>Rows only where a VM may leave its host: other runs keep their digests.</summary>
    private void SyncStopping(StateSync sync)
    {
        if (!IsMigratable)
        {
            return;
        }

        sync.Begin("stop");
        sync.Row("wanted", ref _stopWanted);
        sync.Row("by", ref _stopper);
        sync.Row("ended", ref _hasEnded);
        sync.End();
    }
}
