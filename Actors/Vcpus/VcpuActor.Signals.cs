using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>
/// An exit that raises an interrupt in other vCPUs, one after the other: each is looked up, then called, and its answer is
/// what kicking it cost; the next is not touched before that is paid. Meanwhile this vCPU serves everybody, and serving
/// calls nobody, so two that name one another both come back.
/// </summary>
public abstract partial class VcpuActor
{
    /// <summary>No vCPU.</summary>
    protected const int NoTarget = -1;

    // Who comes next, when he is called, and whether he was: then his answer is awaited.
    private int _signalTarget = NoTarget;
    private bool _signalOpen;
    private VirtualTime _signalAt;

    /// <summary>What is paid once for a signal, beyond the exit: null where nothing is.</summary>
    protected virtual CostKind? SignalCost => CostKind.HypercallDecode;

    /// <summary>What is paid for looking up one target: null where nothing is.</summary>
    protected virtual CostKind? SignalTargetCost => CostKind.HypercallTarget;

    /// <summary>The vCPU itself is among the targets. It is outside the guest: the pending bit alone.</summary>
    /// <param name="start">Of the exit.</param>
    protected abstract void SignalSelf(VirtualTime start);

    /// <summary>Calls a target, which answers by <see cref="MessageKind.LineAnswer"/>.</summary>
    /// <param name="target">Another vCPU.</param>
    /// <param name="start">Of the exit.</param>
    /// <param name="kick">When its kick starts.</param>
    protected abstract void SignalOther(ActorAddress target, VirtualTime start, VirtualTime kick);

    /// <summary>Takes the next vCPU that the hypercall names, <see cref="NoTarget"/> where it names one that does not exist; false after the last.</summary>
    protected abstract bool TryTakeTarget(out int vcpu);

    /// <summary>Starts to signal; to be called in the middle of an exit, which goes on when all is done.</summary>
    /// <param name="reason">Of the exit.</param>
    protected void StartSignals(int reason)
    {
        _exitReason = reason;
        _phase = VcpuPhase.Signalling;
        GoToNextTarget(Now + Pay(SignalCost));
    }

    /// <summary>The look-up of a target is paid for: it gets its interrupt.</summary>
    private void Signal()
    {
        _next = VirtualTime.Never;
        if (_signalTarget == Settings.Index)
        {
            // No host interrupt to itself.
            SignalSelf(_exitStart);
            NoteLines(Address);
            Itemise(CostKind.KickOutside);
            GoToNextTarget(_signalAt + Costs.KickOutside);
            return;
        }

        _signalOpen = true;
        var target = new ActorAddress(Address.Machine, ActorRole.Vcpu, _signalTarget);
        SignalOther(target, _exitStart, _signalAt);
    }

    private void SignalAnswered(in Message answer)
    {
        if (!_signalOpen)
        {
            throw new SimulationException($"{Address} got an answer to a line that it did not raise at {Now}: {answer}");
        }

        _signalOpen = false;
        var cost = CostOf(in answer, answer.Word0);
        Itemise(new CostBill(answer.Word1));
        ItemiseTravel(cost.InterHostCalls);
        GoToNextTarget(VirtualTime.Max(Now, _signalAt + cost.Time));
    }

    /// <summary>Ids that nobody has cost their look-up and no more. After the last comes the way back into the guest.</summary>
    /// <param name="paid">When all that was before is over.</param>
    private void GoToNextTarget(VirtualTime paid)
    {
        _signalTarget = NoTarget;
        while (_signalTarget == NoTarget)
        {
            if (!TryTakeTarget(out _signalTarget))
            {
                _phase = VcpuPhase.Entering;
                _next = paid + (_exitCost - Settings.ExitPart(_exitCost));
                return;
            }

            paid += Pay(SignalTargetCost);
        }

        _signalAt = paid;
        _next = paid;
    }

    private VirtualTime Pay(CostKind? kind)
    {
        if (kind is not { } cost)
        {
            return VirtualTime.Zero;
        }

        Itemise(cost);
        return Costs.Of(cost);
    }

    private void CheckLoadedSignals()
    {
        if (_signalTarget < NoTarget || _signalTarget >= Settings.Count)
        {
            throw new StateFormatException($"row 'signalTarget': there is no vCPU {_signalTarget}");
        }

        if (_phase == VcpuPhase.Signalling && (_signalTarget == NoTarget || _signalOpen != _next.IsNever || (!_signalOpen && _signalAt != _next)))
        {
            throw new StateFormatException($"row 'signalAt': vCPU {_signalTarget} is to be signalled at {_signalAt}, the next step is at {_next}");
        }

        if (_signalOpen && _phase != VcpuPhase.Signalling)
        {
            throw new StateFormatException($"row 'signalOpen': an answer is awaited, but the phase is {_phase}");
        }
    }

    private void SyncSignals(StateSync sync)
    {
        sync.Row("signalTarget", ref _signalTarget);
        sync.Row("signalOpen", ref _signalOpen);
        sync.Row("signalAt", ref _signalAt);
    }
}
