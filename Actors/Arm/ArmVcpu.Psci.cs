using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Psci;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// Calls of firmware, which KVM answers: PSCI and the calling convention (Linux arch/arm64/kvm/psci.c, hypercalls.c). The result is in x0;
/// x1 to x3 become 0.
/// </summary>
public sealed partial class ArmVcpu
{
    /// <summary>KVM_SYSTEM_EVENT_SHUTDOWN.</summary>
    private const ulong ShutdownEvent = 1;

    /// <summary>KVM_SYSTEM_EVENT_RESET.</summary>
    private const ulong ResetEvent = 2;

    private const int Results = 4;

    // Of an AFFINITY_INFO: the vCPU that is asked, and whether one was found before it.
    private int _psciTarget;
    private bool _psciFound;

    // By HVC or by SMC.
    private int _psciReason = ExitReasons.ArmHypercall;

    private PsciCall OpenCall => PsciCall.Decode(this[X0], this[X0 + 1], this[X0 + 2], this[X0 + 3]);

    protected override void ServeHypercall(uint instruction)
    {
        var isSecure = (instruction & IsSecureCall) != 0;
        _psciReason = isSecure ? ExitReasons.SecureCall : ExitReasons.ArmHypercall;
        var call = OpenCall;
        if (isSecure && (ushort)instruction != 0)
        {
            // Reserved: handle_smc sets x0 alone.
            this[X0] = PsciResult.NotSupported;
            FinishSelfExit(_psciReason);
            return;
        }

        switch (call.Function)
        {
            case PsciFunction.CpuSuspend:
                Return(PsciResult.Success);
                Sleep(_psciReason);
                break;
            case PsciFunction.CpuOff:
                PowerOff(_psciReason);
                break;
            case PsciFunction.CpuOn:
                SwitchOn(in call);
                break;
            case PsciFunction.AffinityInfo:
                (_psciTarget, _psciFound) = (0, false);
                AskNext();
                break;
            case PsciFunction.SystemOff or PsciFunction.SystemReset:
                // Should user space run the vCPU again, the call has failed.
                Return(PsciResult.InternalFailure);
                LeaveToUserSpace(ExitAction.SystemEvent, call.Function == PsciFunction.SystemOff ? ExitReasons.SystemOff : ExitReasons.SystemReset);
                break;
            default:
                Return(ResultOf(in call));
                FinishSelfExit(_psciReason);
                break;
        }
    }

    protected override void AskUserSpace(ExitAction action, ActorAddress userSpace, VirtualTime exitStart) =>
        Send(userSpace, MessageKind.SystemEvent, ExitReason == ExitReasons.SystemOff ? ShutdownEvent : ResetEvent, word3: (ulong)exitStart.Picoseconds);

    /// <summary>The machine is off. One that is to be reset ends here too: nobody puts it together anew.</summary>
    protected override void UserSpaceAnswered(ExitAction action, ulong value)
    {
        var isOff = ExitReason == ExitReasons.SystemOff;
        End(isOff ? 0UL : 1, isOff ? "switched the machine off (PSCI SYSTEM_OFF)" : "reset the machine (PSCI SYSTEM_RESET), which ends a run here");
    }

    private static ulong ResultOf(in PsciCall call) => call.Function switch
    {
        PsciFunction.Version => PsciCall.Version,
        PsciFunction.MigrateInfoType => PsciResult.NoTrustedSystem,
        PsciFunction.Features => call.Features(),
        PsciFunction.ConventionVersion => PsciCall.ConventionVersion,
        PsciFunction.ConventionFeatures => call.ConventionFeatures(),
        _ => PsciResult.NotSupported,
    };

    private void Return(ulong result)
    {
        this[X0] = result;
        for (var register = 1; register < Results; register++)
        {
            this[X0 + register] = 0;
        }
    }

    private void SwitchOn(in PsciCall call)
    {
        var target = call.Affinity <= uint.MaxValue ? _ids.IndexOfAffinity((uint)call.Affinity) : VcpuIds.Absent;
        if (target < 0 || target == Settings.Index)
        {
            Return(target < 0 ? PsciResult.InvalidParameters : PsciResult.AlreadyOn);
            FinishSelfExit(_psciReason);
            return;
        }

        var vcpu = new ActorAddress(Settings.Machine, ActorRole.Vcpu, target);
        AwaitVcpu(vcpu);
        Send(vcpu, MessageKind.PsciCpuOn, call.Argument2, call.Argument3, word3: (ulong)Now.Picoseconds);
    }

    /// <summary>AFFINITY_INFO: on if one of those that it is about is on. Each is asked, this one knows.</summary>
    private void AskNext()
    {
        var call = OpenCall;
        for (; call.HasLevel && _psciTarget < Settings.Count; _psciTarget++)
        {
            if (!call.IsAbout(CpuAffinity.Of(_ids.IdOf(_psciTarget))))
            {
                continue;
            }

            _psciFound = true;
            if (_psciTarget == Settings.Index)
            {
                Return(PsciResult.AffinityOn);
                ResumeExit(_psciReason);
                return;
            }

            var vcpu = new ActorAddress(Settings.Machine, ActorRole.Vcpu, _psciTarget);
            AwaitVcpu(vcpu);
            Send(vcpu, MessageKind.PsciAffinityInfo, word3: (ulong)Now.Picoseconds);
            return;
        }

        Return(_psciFound ? PsciResult.AffinityOff : PsciResult.InvalidParameters);
        ResumeExit(_psciReason);
    }

    private void PsciAnswered(in Message answer)
    {
        TakeAnswer(in answer, answer.Word1, new CostBill(answer.Word2));
        if (OpenCall.Function == PsciFunction.AffinityInfo && answer.Word0 == PsciResult.AffinityOff)
        {
            _psciTarget++;
            AskNext();
            return;
        }

        Return(answer.Word0);
        ResumeExit(_psciReason);
    }

    /// <summary>Another vCPU's call names this one.</summary>
    private void ServePsci(in Message message)
    {
        if (message.Kind == MessageKind.PsciAffinityInfo || !IsPoweredOff || !Exists)
        {
            var result = message.Kind == MessageKind.PsciCpuOn ? (Exists ? PsciResult.AlreadyOn : PsciResult.InvalidParameters)
                : IsPoweredOff ? PsciResult.AffinityOff : PsciResult.AffinityOn;
            Send(message.Source, MessageKind.PsciAnswer, result);
            return;
        }

        _cpu.Reset(Now);
        _heldBack = false;
        var cost = Costs.KickIdle;
        PowerOn(message.Word0, DepartureOf(in message, new VirtualTime((long)message.Word3)));
        this[X0] = message.Word1;
        RefreshInterruptWanted();
        Send(message.Source, MessageKind.PsciAnswer, PsciResult.Success, (ulong)cost.Picoseconds, CostBill.Once(CostKind.KickIdle).Packed);
    }

    private void SyncPsci(StateSync sync)
    {
        sync.Begin("psci");
        var isOff = IsPoweredOff;
        sync.Row("off", ref isOff);
        IsPoweredOff = isOff;
        sync.Count("target", ref _psciTarget, Settings.Count);
        sync.Row("found", ref _psciFound);
        var isSecure = _psciReason == ExitReasons.SecureCall;
        sync.Row("smc", ref isSecure);
        _psciReason = isSecure ? ExitReasons.SecureCall : ExitReasons.ArmHypercall;
        sync.End();
        if (sync.Loading && isOff != (Phase == VcpuPhase.PoweredOff) && Phase is not (VcpuPhase.Stopped or VcpuPhase.Paused))
        {
            throw new StateFormatException($"row 'psci.off': a CPU that is {(isOff ? "off" : "on")} is in phase {Phase}");
        }
    }
}
