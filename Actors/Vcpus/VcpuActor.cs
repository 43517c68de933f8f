using System.Runtime.CompilerServices;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// A virtual CPU: registers, program counter, phase. This file has the run loop and the messages; instructions, memory
/// accesses and exits are in the other parts of the class, what an architecture adds in its subclass.
/// </summary>
public abstract partial class VcpuActor : Actor, IRunner
{
    private const int PhaseCount = (int)VcpuPhase.PoweringOn + 1;

    private readonly GuestProgram _program;
    private readonly GuestLayout _layout;
    private readonly ulong _textBase;
    private readonly GuestMemory _memory;
    private readonly MemoryActor _memoryHome;
    private readonly ulong[] _registers;
    private ulong _pc;
    private VcpuPhase _phase;
    private VirtualTime _next = VirtualTime.Never;

    // Time at which a kick on its way takes effect; Never where there is none.
    private VirtualTime _kickAt = VirtualTime.Never;
    private ulong _draws;

    protected VcpuActor(ActorAddress address, VcpuSettings settings, int timerCount)
        : base(address, timerCount)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _program = settings.Program;
        _layout = _program.Layout;
        _textBase = _layout.TextBase;
        _registers = new ulong[_program.Architecture.RegisterCount];
        _memory = settings.Memory;
        _memoryHome = settings.MemoryHome;
        Statistics = new VcpuStatistics(_program);
    }

    public VirtualTime NextStep => _next;

    public VcpuPhase Phase => _phase;

    public VcpuStatistics Statistics { get; }

    protected VcpuSettings Settings { get; }

    protected VcpuCosts Costs => Settings.Costs;

    protected ulong Pc => _pc;

    /// <summary>KVM_CREATE_VCPU has made it, and its VM is there.</summary>
    protected bool Exists => _exists;

    /// <summary>At the program counter; none where no code is.</summary>
    protected ref readonly Instruction CurrentInstruction => ref Fetch();

    /// <summary>Of the open exit, once it is known.</summary>
    protected int ExitReason => _exitReason;

    /// <summary>Checked before every instruction: the architecture sets it whenever an enabled interrupt may have appeared or gone.</summary>
    protected bool InterruptWanted { get; set; }

    /// <summary>True if an <c>idle</c> now would not sleep.</summary>
    protected abstract bool WakesFromIdle { get; }

    /// <summary>ps left of an interrupted <c>work</c>; kept where interrupt entry and return save and restore it.</summary>
    protected abstract ulong WorkRemaining { get; set; }

    /// <summary>Reads a general register.</summary>
    protected ulong this[int register]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _registers[register];
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            _registers[register] = value;
            _registers[0] = 0;
        }
    }

    public void Run(VirtualTime limit)
    {
        var now = _next;
        Group.Advance(now);
        switch (_phase)
        {
            case VcpuPhase.Running:
                Execute(now, limit);
                break;
            case VcpuPhase.Working:
                StepWork(now);
                break;
            case VcpuPhase.Spinning:
                PullOut(now);
                break;
            case VcpuPhase.FinishingMemory:
                FinishMemory(now);
                break;
            case VcpuPhase.Exiting:
                ActOnExit(now);
                break;
            case VcpuPhase.Signalling:
                Signal();
                break;
            case VcpuPhase.Entering:
            case VcpuPhase.PulledOut:
            case VcpuPhase.Waking:
                EnterGuest(now);
                break;
            case VcpuPhase.AccessingDevice:
            case VcpuPhase.Resuming:
                GoOn(now);
                break;
            case VcpuPhase.PoweringOn:
                BeginGuest(now);
                break;
            default:
                throw new SimulationException($"{Address} has a step at {now} in phase {_phase}, which has none");
        }

        NotePhase();
    }

    protected sealed override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Run:
                StartRunning();
                break;
            case MessageKind.Inspect when _phase == VcpuPhase.Paused || message.Word0 == 1:
                Observer?.Inspected(this, in message);
                break;
            case MessageKind.Inspect:
                // It had come to its end before: whatever it is found to be, nobody will run it.
                break;
            case MessageKind.StopRun:
                StopRunning(in message);
                break;
            case MessageKind.AccessAnswer or MessageKind.MemoryAnswer or MessageKind.LineAnswer when !_exists:
                // It was on its way when the VM was destroyed.
                break;
            case MessageKind.AccessAnswer when Settings.IsBareMetal:
                HardwareAnswered(in message);
                break;
            case MessageKind.LineChange when Settings.IsBareMetal:
                DriveLine(in message);
                break;
            case MessageKind.AccessAnswer:
                FinishAccess(in message);
                break;
            case MessageKind.MemoryAnswer:
                MemoryAnswered(in message);
                break;
            case MessageKind.MemoryChanged:
                MemoryChanged(in message);
                break;
            case MessageKind.LineChange:
                ChangeLine(in message);
                break;
            case MessageKind.LineAnswer:
                SignalAnswered(in message);
                break;
            case MessageKind.Publish:
                if (TakeOver(in message))
                {
                    Send(message.Source, MessageKind.PublishAnswer, message.Word0, word3: message.Word3);
                }

                break;
            case MessageKind.PublishAnswer:
                Published(in message);
                break;
            case MessageKind.Timer:
                HandleTimer((int)message.Word0);
                NoteLines(Address);
                Reconsider();
                break;
            case MessageKind.Ioctl:
                TakeIoctl(in message);
                break;
            case MessageKind.Life:
                ChangeLife(in message);
                break;
            case MessageKind.PhysicalId:
                SetPhysicalId(message.Word0);
                break;
            case MessageKind.ParavirtFeatures:
                SetFeatures(message.Word0);
                break;
            case MessageKind.AssignCpuIdAnswer:
                CpuIdAssigned((int)(long)message.Word0);
                break;
            case var kind when IsOfArchitecture(kind):
                HandleArchitecture(in message);
                break;
            default:
                throw Unexpected(in message);
        }

        NotePhase();
    }

    protected sealed override void SyncRows(StateSync sync)
    {
        sync.Row("r", _registers);
        sync.Row("pc", ref _pc);
        var phase = (byte)_phase;
        sync.RowBelow("phase", ref phase, PhaseCount);
        _phase = (VcpuPhase)phase;
        sync.Row("next", ref _next);
        sync.Row("kickAt", ref _kickAt);
        sync.Row("draws", ref _draws);
        SyncExit(sync);
        SyncIoctls(sync);
        SyncStopping(sync);
        SyncLedger(sync);
        SyncSignals(sync);
        SyncMemory(sync);
        sync.Row("workEnd", ref _workEnd);
        if (Perturbation.Work > 0)
        {
            // A row only where something draws: other runs keep their digests.
            sync.Row("workDraws", ref _workDraws);
        }

        sync.Row("leftAt", ref _leftAt);
        SyncArchitecture(sync);
        Statistics.SyncState(sync, SpansHosts);
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>A phase that has a step needs its time, and one that waits has none: otherwise the vCPU would stand still for ever, or run twice.</summary>
    private void CheckLoaded()
    {
        var waits = _phase is VcpuPhase.Stopped or VcpuPhase.Paused or VcpuPhase.AwaitingMemory or VcpuPhase.AwaitingAnswer or VcpuPhase.Blocked or VcpuPhase.Halted
            or VcpuPhase.PoweredOff;
        var mayWait = waits || _phase == VcpuPhase.Spinning || (_phase == VcpuPhase.Signalling && _signalOpen)
            || (_phase == VcpuPhase.AccessingDevice && _exitTarget != default);
        if (_next < Now || (waits && !_next.IsNever) || (!mayWait && _next.IsNever))
        {
            throw new StateFormatException($"row 'next': {_next} does not go with phase {_phase} at {Now}");
        }

        if (_registers[0] != 0)
        {
            throw new StateFormatException($"row 'r[0]': it is always 0, not 0x{_registers[0]:x}");
        }

        CheckLoadedExit();
        CheckLoadedSignals();
    }

    /// <summary>Whether messages of a kind are the architecture's own.</summary>
    protected virtual bool IsOfArchitecture(MessageKind kind) => false;

    /// <summary>A message for which <see cref="IsOfArchitecture"/> says yes.</summary>
    protected virtual void HandleArchitecture(in Message message) => throw Unexpected(in message);

    /// <summary>The architecture's own rows.</summary>
    protected abstract void SyncArchitecture(StateSync sync);

    /// <summary>A timer of the architecture ran out.</summary>
    protected abstract void HandleTimer(int timer);

    /// <summary>The owner of a VM-wide table has changed it.</summary>
    /// <returns>True if it is to be acknowledged.</returns>
    protected abstract bool TakeOver(in Message publication);

    /// <summary>A copy has taken over what this vCPU published.</summary>
    protected abstract void Published(in Message answer);

    /// <summary>User space has given the vCPU its physical id, before it runs.</summary>
    protected abstract void SetPhysicalId(ulong id);

    /// <summary>User space has set the paravirtual features of the VM, before it runs.</summary>
    protected abstract void SetFeatures(ulong word);

    /// <summary>The VM's half has given the vCPU the physical id that it asked for, or has refused it.</summary>
    protected abstract void CpuIdAssigned(int result);

    /// <summary>Enters the handler: sets pc by <see cref="Redirect"/>.</summary>
    protected abstract void TakeInterrupt(VirtualTime now);

    /// <summary>Enters the fault handler.</summary>
    protected abstract void RaiseFault(GuestFault fault, ulong badAddress);

    /// <summary>Carries out an instruction that belongs to the architecture; false if it does not know it.</summary>
    protected abstract bool ExecuteSystem(in Instruction instruction, VirtualTime now);

    /// <summary>Takes over queued interrupt lines, as on every guest entry.</summary>
    protected abstract void ApplyQueuedLines();

    /// <summary>Queues a line to rise or fall at the next guest entry.</summary>
    /// <param name="line">Number of the line.</param>
    /// <param name="level">True for a rise.</param>
    /// <param name="source">Class of what raised it.</param>
    /// <param name="origin">When that began.</param>
    protected abstract void QueueLine(int line, bool level, InterruptSource source, VirtualTime origin);

    /// <summary>What a read leaves in its register.</summary>
    /// <param name="target">Who answered it.</param>
    /// <param name="old">What the register held.</param>
    /// <param name="value">What came.</param>
    /// <param name="bytes">Width of the access.</param>
    protected virtual ulong CompleteRead(ActorAddress target, ulong old, ulong value, int bytes) => value;

    /// <summary>Who in user space answers an access that the kernel refused.</summary>
    protected abstract ActorAddress UserSpace { get; }

    /// <summary>Whether the kernel serves accesses to this actor.</summary>
    protected abstract bool IsInKernel(ActorAddress device);

    protected void Redirect(ulong pc) => _pc = pc;

    /// <summary>
    /// To be called when a timer was armed: it may come due before the time that the group let this vCPU run to.
    /// </summary>
    protected void LimitChanged() => _yield = true;

    /// <summary>After interrupt state changed by something other than an instruction: wakes a sleeper, interrupts work and spinning.</summary>
    protected void Reconsider()
    {
        switch (_phase)
        {
            case VcpuPhase.Blocked when WakesFromIdle:
                _phase = VcpuPhase.Waking;
                _next = Now + Costs.WakeIdle;
                break;
            case VcpuPhase.Halted when WakesFromIdle:
                _phase = VcpuPhase.Resuming;
                _next = Now + Costs.NativeWake;
                break;
            case VcpuPhase.Working when InterruptWanted:
                SuspendWork(Now);
                _phase = VcpuPhase.Running;
                _next = Now;
                break;
            case VcpuPhase.Spinning when InterruptWanted:
                _phase = VcpuPhase.Running;
                _next = Now;
                break;
            default:
                break;
        }
    }
}
