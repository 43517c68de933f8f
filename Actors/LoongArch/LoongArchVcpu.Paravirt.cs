using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Memory;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>What KVM adds to the hardware: configuration words, hypercalls, the paravirtual IPI, steal time.</summary>
public sealed partial class LoongArchVcpu : IStealTimeMemory
{
    /// <summary>a0: the function of a hypercall, and its result.</summary>
    private const byte ArgumentRegister = 4;

    /// <summary>KVM_SYSTEM_EVENT_CRASH.</summary>
    private const ulong CrashEvent = 3;

    private readonly ParavirtProfile _paravirt;
    private readonly ParavirtFeatures _features;
    private readonly ConfigurationWords _configuration;
    private readonly Hypercalls _hypercalls;
    private readonly StealTime _stealTime = new();
    private readonly CpuIdMap _cpuIds;

    // What is left of the CPUs that the open hypercall names.
    private IpiTargets _targets;

    /// <summary>KVM's statistic cpucfg_exits.</summary>
    public ulong ConfigurationExits => _configuration.Exits;

    /// <summary>KVM's statistic hypercall_exits.</summary>
    public ulong HypercallExits => _hypercalls.Exits;

    /// <summary>No scheduler takes the CPU away in this machine: nobody ever waits for one, and nothing is ever stolen.</summary>
    private static VirtualTime RunDelay => VirtualTime.Zero;

    private HypercallArguments Arguments => new(
        this[ArgumentRegister], this[ArgumentRegister + 1], this[ArgumentRegister + 2],
        this[ArgumentRegister + 3], this[ArgumentRegister + 4], this[ArgumentRegister + 5]);

    bool IStealTimeMemory.TryRead(ulong address, int size, out ulong value)
    {
        // A record that is not in the CPU's own area, where Linux has it, would be another group's to write: for the host
        // that is a bad address, and the update does not happen.
        value = 0;
        var isOwn = Settings.Program.Layout.TryFindHome(address, Settings.Count, out var home) && home == Settings.Index;
        if (isOwn)
        {
            value = AccessOwnMemory(MemoryOperation.Read, address, size, 0);
        }

        return isOwn;
    }

    void IStealTimeMemory.Write(ulong address, int size, ulong value) => AccessOwnMemory(MemoryOperation.Write, address, size, value);

    protected override bool TryServeConfiguration(uint instruction, ulong index, out ulong value) =>
        _configuration.TryEmulate(instruction, index, _interrupts.PrivilegeLevel, out value);

    protected override void ServeHypercall(uint instruction)
    {
        var arguments = Arguments;
        var (effect, result) = _hypercalls.Dispatch(TrappedInstruction.CodeOf(instruction), in arguments);
        switch (effect)
        {
            case HypercallEffect.SendIpi:
                _targets = new IpiTargets(in arguments, _paravirt.SecondBitmap);
                Complete(result);
                StartSignals(ExitReasons.Hypercall);
                break;
            case HypercallEffect.ExitToUser:
                LeaveToUserSpace(ExitAction.UserHypercall, ExitReasons.UserHypercall);
                break;
            case HypercallEffect.ExitForDebugger:
                LeaveToUserSpace(ExitAction.DebugStop, ExitReasons.DebugStop);
                break;
            case HypercallEffect.ExitForCrash:
                LeaveToUserSpace(ExitAction.CrashNotice, ExitReasons.CrashNotice);
                break;
            default:
                Complete(result);
                FinishSelfExit(effect == HypercallEffect.Return ? ExitReasons.Hypercall : ExitReasons.UnknownHypercall);
                break;
        }
    }

    protected override void AskUserSpace(ExitAction action, ActorAddress userSpace, VirtualTime exitStart)
    {
        var start = (ulong)exitStart.Picoseconds;
        var (a0, a1, a2, a3, a4, a5) = Arguments;
        switch (action)
        {
            case ExitAction.UserHypercall:
                Send(userSpace, MessageKind.UserHypercallArguments, a0, a1, a2, a3);
                Send(userSpace, MessageKind.UserHypercall, Hypercalls.UserServiceCode, a4, a5, start);
                break;
            case ExitAction.DebugStop:
                Send(userSpace, MessageKind.DebugStop, Pc, word3: start);
                break;
            default:
                Send(userSpace, MessageKind.SystemEvent, CrashEvent, word3: start);
                break;
        }
    }

    protected override void UserSpaceAnswered(ExitAction action, ulong value)
    {
        if (action == ExitAction.UserHypercall)
        {
            Complete(value);
        }
    }

    protected override void SignalSelf(VirtualTime start) => QueueLine(CpuLines.Swi0, true, InterruptSource.PvIpi, start);

    protected override void SignalOther(ActorAddress target, VirtualTime start, VirtualTime kick)
    {
        NoteSignal(target, CpuLines.Swi0);
        Send(target, MessageKind.LineChange, CpuLines.Swi0, 1 | ((ulong)InterruptSource.PvIpi << 8), (ulong)start.Picoseconds, (ulong)kick.Picoseconds);
    }

    protected override bool TryTakeTarget(out int vcpu)
    {
        var found = _targets.TryTake(out var cpuId);
        vcpu = found ? _cpuIds.Find(cpuId) : CpuIdMap.None;
        return found;
    }

    protected override bool TakeOver(in Message publication) =>
        TryTakeOverCounter(in publication) || CpuIdCopy.TakeOver(_cpuIds, in publication);

    protected override void LoadedAnew() => _stealTime.RequestUpdate();

    private void Complete(ulong result)
    {
        this[ArgumentRegister] = result;
        Redirect(Pc + GuestProgram.InstructionBytes);
    }

    private void UpdateStealTime()
    {
        if (_stealTime.UpdateWanted)
        {
            _stealTime.Update(this, RunDelay, clearsPreempted: _features.Has(ParavirtFeature.Preempt));
        }
    }

    /// <summary>
    /// Software interrupts: the guest's own raises, and those that a hypercall queued. What is merged at the entry was
    /// counted as raised when it was queued.
    /// </summary>
    private void CountSoftware(in DeviceReport report)
    {
        ref var fates = ref Statistics.SoftwareFates;
        switch (report.Kind)
        {
            case ReportKind.Raised:
                // The guest itself is the source: there is no way to measure.
                fates.Raised++;
                break;
            case ReportKind.Coalesced:
                fates.Coalesced++;
                break;
            case ReportKind.Acknowledged:
                fates.Handled++;
                if (!_interrupts.IsQueued(report.Line))
                {
                    // Cleared without its handler: the next raise has its own way to measure.
                    _origins[report.Line] = VirtualTime.Never.Picoseconds;
                }

                break;
            default:
                break;
        }
    }

    private void CountSignal(int line)
    {
        ref var fates = ref Statistics.SoftwareFates;
        fates.Raised++;
        fates.Coalesced += _interrupts.IsQueued(line) ? 1 : 0;
    }

    private void SyncParavirt(StateSync sync)
    {
        sync.Begin("paravirt");
        _features.SyncState(sync);
        _configuration.SyncState(sync);
        _hypercalls.SyncState(sync);
        _stealTime.SyncState(sync);
        _targets.SyncState(sync);
        _cpuIds.SyncState(sync);
        sync.End();
    }
}
