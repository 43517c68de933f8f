using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>Leaving and entering the guest: trapping instructions, kicks, sleep.</summary>
public abstract partial class VcpuActor
{
    // The open exit. It starts with its instruction; the guest runs again when its cost is over.
    private VirtualTime _exitStart;
    private VirtualTime _exitCost;
    private ExitAction _exitAction;
    private int _exitReason;
    private byte _exitRegister;
    private ulong _exitAddress;
    private byte _exitWidth;
    private ulong _exitValue;
    private bool _exitUnsigned;
    private ActorAddress _exitTarget;
    private ActorAddress _exitEntry;

    // The access faults: taken at the entry, at the instruction that made it.
    private bool _exitFaults;

    protected bool InGuest => _phase is VcpuPhase.Running or VcpuPhase.Working or VcpuPhase.Spinning
        or VcpuPhase.AwaitingMemory or VcpuPhase.FinishingMemory;

    /// <summary>Leaves the guest for a device access; what comes back goes to a register.</summary>
    /// <param name="action">Read or write, and on which bus.</param>
    /// <param name="address">Bus address.</param>
    /// <param name="width">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="register">Destination of a read, source of a write.</param>
    /// <param name="target">The device's actor.</param>
    /// <param name="entry">Who is asked first: the device, or the VMM where the device is behind its lock.</param>
    /// <param name="cost">Of exit, emulation and entry together.</param>
    /// <param name="unsigned">A read that is not sign-extended.</param>
    protected void ExitForAccess(ExitAction action, ulong address, int width, byte register, ActorAddress target, ActorAddress entry, VirtualTime cost, bool unsigned)
    {
        _exitRegister = register;
        _exitAddress = address;
        _exitWidth = (byte)width;
        _exitValue = action is ExitAction.IocsrWrite or ExitAction.MmioWrite ? this[register] : 0;
        _exitUnsigned = unsigned;
        _exitTarget = target;
        _exitEntry = entry;
        LeaveGuest(action, cost);
    }

    /// <summary>Leaves the guest for something that the vCPU's own thread does: idle, configuration words, hypercalls.</summary>
    /// <param name="action">Which of them.</param>
    /// <param name="register">Where the result goes.</param>
    /// <param name="instruction">The instruction word, for who has to decode it.</param>
    /// <param name="value">Of its source register.</param>
    /// <param name="cost">Of exit, handling and entry together.</param>
    protected void ExitForSelf(ExitAction action, byte register, uint instruction, ulong value, VirtualTime cost)
    {
        _exitRegister = register;
        _exitAddress = instruction;
        _exitValue = value;
        LeaveGuest(action, cost);
    }

    /// <summary>A configuration word, outside the guest. False if the instruction is none: then it faults as undefined.</summary>
    /// <param name="instruction">Its word.</param>
    /// <param name="index">What its source register held.</param>
    /// <param name="value">For its destination.</param>
    protected abstract bool TryServeConfiguration(uint instruction, ulong index, out ulong value);

    /// <summary>
    /// A hypercall, outside the guest: ends in <see cref="FinishSelfExit"/>, <see cref="StartSignals"/> or
    /// <see cref="LeaveToUserSpace"/>. The program counter is at the instruction still.
    /// </summary>
    /// <param name="instruction">Its word.</param>
    protected abstract void ServeHypercall(uint instruction);

    /// <summary>A system register that traps, outside the guest: ends as a hypercall does.</summary>
    /// <param name="register">Its encoding.</param>
    /// <param name="value">What was written.</param>
    protected virtual void ServeSystemRegister(int register, ulong value) =>
        throw new SimulationException($"{Address} left the guest at {_exitStart} for system register 0x{register:x}, but its architecture has none that trap");

    /// <summary>The guest was left: the phase says so already.</summary>
    protected virtual void LeavesGuest()
    {
    }

    /// <summary>What an exit of the idle instruction is called.</summary>
    protected virtual int IdleReason => ExitReasons.Idle;

    /// <summary>User space has answered what the kernel left to it.</summary>
    /// <param name="action">What that was.</param>
    /// <param name="value">The answer.</param>
    protected abstract void UserSpaceAnswered(ExitAction action, ulong value);

    /// <summary>The vCPU's thread sleeps or returns from KVM_RUN: the host loads the vCPU anew before the next entry.</summary>
    protected abstract void LoadedAnew();

    /// <summary>Sends user space what it is asked for; it answers.</summary>
    protected abstract void AskUserSpace(ExitAction action, ActorAddress userSpace, VirtualTime exitStart);

    /// <summary>An exit that the vCPU's own thread deals with is dealt with: the guest goes on when its cost is over.</summary>
    protected void FinishSelfExit(int reason)
    {
        _exitReason = reason;
        _phase = VcpuPhase.Entering;
        _next = _exitStart + _exitCost;
    }

    /// <summary>KVM_RUN returns: what was an exit into the kernel becomes one to user space.</summary>
    protected void LeaveToUserSpace(ExitAction action, int reason)
    {
        _exitAction = action;
        _exitReason = reason;
        _exitTarget = default;
        GoOnToUserSpace(Costs.Hypercall);
    }

    private void LeaveGuest(ExitAction action, VirtualTime cost)
    {
        _exitStart = _next;
        _exitCost = cost;
        _exitAction = action;
        OpenExit(action, cost);
        _phase = VcpuPhase.Exiting;
        _next = _exitStart + Settings.ExitPart(cost);

        // Whoever kicked has its pending bit taken over at the next entry; the host's interrupt finds the vCPU outside.
        _kickAt = VirtualTime.Never;
        LeavesGuest();
    }

    private void ActOnExit(VirtualTime now)
    {
        _next = VirtualTime.Never;
        switch (_exitAction)
        {
            case ExitAction.Idle:
                Sleep(IdleReason);
                break;
            case ExitAction.CpuConfiguration:
                ActOnConfiguration();
                break;
            case ExitAction.Hypercall:
                ServeHypercall((uint)_exitAddress);
                break;
            case ExitAction.UserHypercall:
            case ExitAction.DebugStop:
            case ExitAction.CrashNotice:
            case ExitAction.SystemEvent:
                _phase = VcpuPhase.AwaitingAnswer;
                AskUserSpace(_exitAction, UserSpace, _exitStart);
                break;
            case ExitAction.SystemRegister:
                ServeSystemRegister((int)_exitAddress, _exitValue);
                break;
            default:
                _phase = VcpuPhase.AwaitingAnswer;
                ServeIoctls();
                Send(_exitEntry, KindOf(_exitAction), _exitAddress, _exitWidth, _exitValue, (ulong)_exitStart.Picoseconds);
                break;
        }
    }

    /// <summary>The vCPU's thread sleeps until there is something to wake it, out of the guest already.</summary>
    /// <param name="reason">Of the exit.</param>
    protected void Sleep(int reason)
    {
        Statistics.IdleExit();
        _exitReason = reason;
        _phase = VcpuPhase.Blocked;
        if (WakesFromIdle || _stopWanted)
        {
            // A pending signal keeps the thread from sleeping as an interrupt does (kvm_vcpu_check_block: virt/kvm/kvm_main.c).
            _phase = VcpuPhase.Entering;
            _next = _exitStart + _exitCost;
        }
    }

    /// <summary>The open exit waits for another vCPU's answer: <see cref="ResumeExit"/>.</summary>
    protected void AwaitVcpu(ActorAddress vcpu)
    {
        _exitTarget = vcpu;
        _phase = VcpuPhase.AwaitingAnswer;
        _next = VirtualTime.Never;
    }

    /// <summary>The answer that <see cref="AwaitVcpu"/> waited for; the exit may go on to the next.</summary>
    /// <param name="answer">What came.</param>
    /// <param name="cost">What it says that it cost.</param>
    /// <param name="bill">Of that.</param>
    protected void TakeAnswer(in Message answer, ulong cost, CostBill bill)
    {
        if (_phase != VcpuPhase.AwaitingAnswer)
        {
            throw new SimulationException($"{Address} got an answer that it does not wait for at {Now}: {answer}");
        }

        var paid = CostOf(in answer, cost);
        _exitCost += paid.Time;
        Itemise(bill);
        ItemiseTravel(paid.InterHostCalls);
    }

    /// <summary>All that the open exit waited for has come.</summary>
    protected void ResumeExit(int reason)
    {
        _exitReason = reason;
        _phase = VcpuPhase.Entering;
        _next = VirtualTime.Max(Now, _exitStart + _exitCost);
    }

    private void ActOnConfiguration()
    {
        if (!TryServeConfiguration((uint)_exitAddress, _exitValue, out var value))
        {
            throw new SimulationException($"{Address} left the guest at {_exitStart} for a configuration word with the instruction 0x{_exitAddress:x}, which is none");
        }

        this[_exitRegister] = value;
        FinishSelfExit(ExitReasons.CpuConfiguration);
    }

    private void FinishAccess(in Message answer)
    {
        if (_phase != VcpuPhase.AwaitingAnswer)
        {
            throw new SimulationException($"{Address} got an answer that it does not wait for at {Now}: {answer}");
        }

        var cost = CostOf(in answer, answer.Word1);
        _exitCost += cost.Time;
        Itemise(CostBill.Above(answer.Word3));
        ItemiseTravel(cost.InterHostCalls);
        var outcome = (AccessOutcome)answer.Word3;
        if (outcome == AccessOutcome.UserSpace && IsInKernel(_exitTarget))
        {
            GoOnToUserSpace(Costs.KernelAccess);
            return;
        }

        if (_exitAction is ExitAction.UserHypercall or ExitAction.DebugStop or ExitAction.CrashNotice or ExitAction.SystemEvent)
        {
            UserSpaceAnswered(_exitAction, answer.Word0);
            if (_phase == VcpuPhase.Stopped)
            {
                // That was its end.
                return;
            }

            _phase = VcpuPhase.Entering;
            _next = VirtualTime.Max(Now, _exitStart + _exitCost);
            return;
        }

        _exitFaults = outcome == AccessOutcome.Fault;
        if (_exitAction is ExitAction.IocsrRead or ExitAction.MmioRead && !_exitFaults)
        {
            var value = CompleteRead(_exitTarget, this[_exitRegister], answer.Word0, _exitWidth);
            this[_exitRegister] = _exitUnsigned ? Memory.GuestMemory.Truncate(value, WidthOf(_exitWidth)) : value;
        }

        _exitReason = answer.Word2 < (ulong)ExitReasons.Count
            ? (int)answer.Word2
            : throw new SimulationException($"{Address} got an answer at {Now} with an exit reason that does not exist: {answer}");
        _phase = VcpuPhase.Entering;
        _next = VirtualTime.Max(Now, _exitStart + _exitCost);
    }

    /// <summary>
    /// The device in the kernel does not want the access: KVM_RUN returns, and user space answers it. What was a short exit
    /// becomes a long one.
    /// </summary>
    /// <param name="kernelCost">What the exit would have cost without it.</param>
    private void GoOnToUserSpace(VirtualTime kernelCost)
    {
        if (_exitTarget == UserSpace)
        {
            throw new SimulationException($"{Address}: user space hands an access to 0x{_exitAddress:x} back to user space at {Now}");
        }

        LoadedAnew();
        var spent = _exitCost - kernelCost;
        _exitTarget = UserSpace;
        _exitEntry = UserSpace;
        _exitCost = Costs.UserAccess + spent;
        _exitKind = CostKind.UserAccess;
        _phase = VcpuPhase.Exiting;
        _next = VirtualTime.Max(Now, _exitStart + Settings.ExitPart(Costs.UserAccess) + spent);
    }

    /// <summary>A kick took effect while the guest ran.</summary>
    private void PullOut(VirtualTime now)
    {
        if (_phase == VcpuPhase.Working)
        {
            SuspendWork(now);
        }

        Statistics.HostInterruptExit();
        _kickAt = VirtualTime.Never;
        _exitStart = now;
        _exitReason = _stopWanted ? ExitReasons.Signal : ExitReasons.HostInterrupt;
        _phase = VcpuPhase.PulledOut;
        _next = now + Costs.WakeRunning;
        LeavesGuest();
    }

    /// <summary>The host's own interrupt comes while the guest runs: it is left before its next instruction.</summary>
    protected void PullOutNow()
    {
        if (!InGuest || _kickAt <= Now)
        {
            return;
        }

        _kickAt = Now;
        if (_phase is VcpuPhase.Working or VcpuPhase.Spinning)
        {
            _next = VirtualTime.Min(_next, _kickAt);
        }
    }

    private void EnterGuest(VirtualTime now)
    {
        Statistics.Exits.Add(_exitReason, now - _exitStart);
        if (_phase == VcpuPhase.Waking)
        {
            LoadedAnew();
        }

        BeginGuest(now);
        if (_phase == VcpuPhase.Running)
        {
            NotePhase();
            FaultIfRefused();
        }
    }

    private void BeginGuest(VirtualTime now)
    {
        if (_stopWanted)
        {
            ReturnFromRun();
            return;
        }

        ApplyQueuedLines();
        _phase = VcpuPhase.Running;
        _next = now;
    }

    private void FaultIfRefused()
    {
        if (_exitFaults)
        {
            _exitFaults = false;
            _pc -= GuestProgram.InstructionBytes;
            Fault(GuestFault.BadAddress, _exitAddress);
        }
    }

    /// <summary>
    /// A line rises or falls: queued for the next entry, and the vCPU is kicked as its phase needs. The answer is the
    /// cost of the kick to the one who caused it; a line that falls outside the guest costs nothing.
    /// </summary>
    private void ChangeLine(in Message message)
    {
        if (!_exists)
        {
            // It was on its way when the VM was destroyed.
            Send(message.Source, MessageKind.LineAnswer);
            return;
        }

        var level = (message.Word1 & 1) != 0;
        QueueLine((int)message.Word0, level, (InterruptSource)(byte)(message.Word1 >> 8), new VirtualTime((long)message.Word2));
        NoteLines(message.Source);
        var (cost, bill) = KickFor(in message, level);
        Send(message.Source, MessageKind.LineAnswer, (ulong)cost.Picoseconds, bill.Packed);
    }

    /// <summary>What a message brings needs the vCPU's attention.</summary>
    /// <param name="message">Its word 3 says when the kick started.</param>
    /// <param name="level">False where nothing has to be told to a vCPU that is outside the guest.</param>
    /// <returns>What it costs the sender.</returns>
    protected (VirtualTime Cost, CostBill Bill) KickFor(in Message message, bool level)
    {
        var departure = DepartureOf(in message, new VirtualTime((long)message.Word3));
        var phase = _phase;
        var cost = Kick(level, departure, out var kind);
        if (cost <= VirtualTime.Zero)
        {
            return default;
        }

        NoteKick(phase);
        return (cost, CostBill.Once(kind));
    }

    private VirtualTime Kick(bool level, VirtualTime departure, out CostKind kind)
    {
        kind = CostKind.KickIdle;
        if (_phase == VcpuPhase.Blocked && WakesFromIdle)
        {
            _phase = VcpuPhase.Waking;
            _next = VirtualTime.Max(Now, departure + Costs.KickIdle) + Costs.WakeIdle;
            return Costs.KickIdle;
        }

        kind = CostKind.KickRunning;
        if (InGuest && _kickAt.IsNever)
        {
            _kickAt = VirtualTime.Max(Now, departure + Costs.KickRunning);
            if (_phase is VcpuPhase.Working or VcpuPhase.Spinning)
            {
                _next = VirtualTime.Min(_next, _kickAt);
            }

            return Costs.KickRunning;
        }

        kind = CostKind.KickOutside;
        return level ? Costs.KickOutside : VirtualTime.Zero;
    }

    private static MessageKind KindOf(ExitAction action) => action switch
    {
        ExitAction.IocsrRead => MessageKind.IocsrRead,
        ExitAction.IocsrWrite => MessageKind.IocsrWrite,
        ExitAction.MmioRead => MessageKind.MmioRead,
        _ => MessageKind.MmioWrite,
    };

    /// <summary>Of the widths that a bus has; an exit that was no access has none.</summary>
    private void CheckLoadedExit()
    {
        if (_exitWidth is not (0 or 1 or 2 or 4 or 8) || (_exitWidth == 0 && IsAccess(_exitAction) && _exitTarget != default))
        {
            throw new StateFormatException($"row 'exitWidth': {_exitWidth} bytes are no access");
        }

        CheckKnown("exitTarget", _exitTarget);
        CheckKnown("exitEntry", _exitEntry);
        var isOpen = _phase is VcpuPhase.Exiting or VcpuPhase.AwaitingAnswer or VcpuPhase.AccessingDevice;
        if (isOpen && IsAccess(_exitAction) && (_exitTarget == default || (_exitEntry == default && !Settings.IsBareMetal)))
        {
            throw new StateFormatException("row 'exitTarget' or 'exitEntry': an access is open, but to nobody");
        }

        if (_exitStart > VirtualTime.Max(Now, _next) || (_phase is VcpuPhase.FinishingMemory or VcpuPhase.AwaitingMemory && _accessStart > Now))
        {
            throw new StateFormatException($"row 'exitStart' or 'accessStart': {_exitStart}, {_accessStart} lie ahead of {Now}");
        }
    }

    private static bool IsAccess(ExitAction action) => action is ExitAction.IocsrRead or ExitAction.IocsrWrite or ExitAction.MmioRead or ExitAction.MmioWrite;

    private void SyncExit(StateSync sync)
    {
        sync.Row("exitStart", ref _exitStart);
        sync.Row("exitCost", ref _exitCost);
        var action = (byte)_exitAction;
        sync.RowBelow("exitAction", ref action, (int)ExitAction.SystemEvent + 1);
        _exitAction = (ExitAction)action;
        var reason = ExitReasons.NameOf(_exitReason);
        sync.Text("exitReason", ref reason, 64);
        _exitReason = ExitReasons.Find(reason);
        sync.RowBelow("exitRegister", ref _exitRegister, _registers.Length);
        sync.Row("exitAddress", ref _exitAddress);
        sync.Row("exitWidth", ref _exitWidth);
        sync.Row("exitValue", ref _exitValue);
        sync.Row("exitUnsigned", ref _exitUnsigned);
        sync.Row("exitTarget", ref _exitTarget);
        sync.Row("exitEntry", ref _exitEntry);
        sync.Row("exitFaults", ref _exitFaults);
    }
}
