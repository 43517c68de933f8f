using Trapline.Actors.Migration;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Transfer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>
/// The destination's half of a migration: an empty VM, into which what comes is set, value after value in the order in
/// which it came; then the disk image, then the guest. Rows of the VMM's actor.
/// </summary>
internal sealed partial class MigrationDestination(int host, MachineParts parts, StateTable table, IReadOnlyList<MigrationPlan> plans, IMigrationCalls calls)
{
    private readonly TransferStream _stream = new();
    private DestinationPhase _phase;
    private int _number;
    private int _ordinal;
    private int _nextPlan;
    private int _index;
    private int _awaited;
    private bool _linkDown;
    private VirtualTime _began;

    public bool IsActive => _phase != DestinationPhase.Idle;

    /// <summary>The link is down: nothing that the other side sends arrives.</summary>
    public bool IsCutOff => _linkDown;

    /// <summary>The plan that the source would have begun next.</summary>
    public int NextPlan => _nextPlan;

    private MigrationStep FailingStep => _number < plans.Count && plans[_number].Failure is { Side: not MigrationSide.Source } failure ? failure.Step : MigrationStep.Done;

    private bool KillsDestination => _number < plans.Count && plans[_number].Failure is { Side: MigrationSide.Destination };

    private VirtualTime StepTimeout => _number < plans.Count ? plans[_number].StepTimeout : VirtualTime.Never;

    /// <summary>The other side wants to send a VM.</summary>
    /// <param name="number">Of the plan.</param>
    /// <param name="ordinal">How many migrations have begun there.</param>
    /// <param name="nextPlan">The plan that comes after it.</param>
    public void Begin(int number, int ordinal, int nextPlan)
    {
        (_number, _ordinal, _nextPlan, _linkDown, _awaited) = (number, ordinal, Math.Clamp(nextPlan, 0, plans.Count), false, 0);
        _stream.Clear();
        _phase = DestinationPhase.Creating;
        WaitForSource();
        if (!Survives(MigrationStep.Setup))
        {
            return;
        }

        calls.CreateMachine();
    }

    /// <summary>Its VM could not be made.</summary>
    public void NotCreated(int result)
    {
        if (_phase == DestinationPhase.Creating)
        {
            calls.PostToPeer(MessageKind.IncomingReady, (ulong)(long)result);
            Destroy();
        }
    }

    /// <summary>Its VM is there.</summary>
    public void Created()
    {
        if (_phase != DestinationPhase.Creating)
        {
            return;
        }

        _phase = DestinationPhase.Resting;
        _awaited = parts.Interrupting.Count;
        foreach (var actor in parts.Interrupting)
        {
            calls.Post(OnThisHost(actor), MessageKind.Rest, 1);
        }
    }

    public void AtRest()
    {
        if (_phase == DestinationPhase.Resting && --_awaited == 0)
        {
            _phase = DestinationPhase.Receiving;
            calls.PostToPeer(MessageKind.IncomingReady);
        }
    }

    /// <summary>Something of the state.</summary>
    public void Receive(in Message values)
    {
        if (_phase == DestinationPhase.Receiving && !_stream.TryReceive(in values))
        {
            Refuse(Errno.InvalidArgument, StateGroup.None);
        }
    }

    /// <summary>The last of it.</summary>
    public void ReceiveEnd(ulong count)
    {
        if (_phase != DestinationPhase.Receiving || !Survives(MigrationStep.Load))
        {
            return;
        }

        if (count != (ulong)_stream.Count)
        {
            Refuse(Errno.InvalidArgument, StateGroup.None);
            return;
        }

        _index = 0;
        SetNext();
    }

    /// <summary>The source has let go of the image.</summary>
    public void Handover()
    {
        if (_phase == DestinationPhase.Loaded && Survives(MigrationStep.Handover))
        {
            _phase = DestinationPhase.Locking;
            calls.LockImage(take: true);
        }
    }

    public void ImageAnswer(int result)
    {
        if (_phase != DestinationPhase.Locking)
        {
            return;
        }

        if (result != 0)
        {
            calls.PostToPeer(MessageKind.HandoverDone);
            Destroy();
            return;
        }

        _began = calls.Now;
        if (!Survives(MigrationStep.Resume))
        {
            return;
        }

        calls.Inspect(isAfter: true, 1 - host, _ordinal);
        foreach (var actor in parts.Interrupting)
        {
            calls.Post(OnThisHost(actor), MessageKind.Rest, 0);
        }

        _phase = DestinationPhase.Starting;
        calls.WakeAt(calls.Now + calls.Ioctl);
    }

    /// <summary>The source has given up, or is gone: without the image this VM is nobody's.</summary>
    public void LinkClosed()
    {
        if (_phase is not (DestinationPhase.Idle or DestinationPhase.Locking or DestinationPhase.Starting or DestinationPhase.Running or DestinationPhase.Destroying))
        {
            Destroy();
        }
    }

    /// <summary>The source has not been heard of.</summary>
    public void TimedOut() => LinkClosed();

    /// <summary>A planned fault: this process dies.</summary>
    public void Kill()
    {
        if (_phase is not (DestinationPhase.Idle or DestinationPhase.Destroying))
        {
            Die();
        }
    }

    public void SyncState(StateSync sync)
    {
        var phase = (byte)_phase;
        sync.RowBelow("phase", ref phase, (int)DestinationPhase.Destroying + 1);
        _phase = (DestinationPhase)phase;
        sync.Row("number", ref _number);
        sync.Row("ordinal", ref _ordinal);
        sync.Count("nextPlan", ref _nextPlan, plans.Count);
        sync.Row("index", ref _index);
        sync.Row("awaited", ref _awaited);
        sync.Row("linkDown", ref _linkDown);
        sync.Row("began", ref _began);
        sync.Begin("stream");
        _stream.SyncState(sync);
        sync.End();
    }

    /// <summary>A step begins; false if a planned failure ends this side with it.</summary>
    private bool Survives(MigrationStep step)
    {
        if (FailingStep != step)
        {
            return true;
        }

        if (KillsDestination)
        {
            Die();
            return false;
        }

        if (step is MigrationStep.Load or MigrationStep.Resume)
        {
            // At the other steps it is the source that is cut off.
            _linkDown = true;
        }

        return true;
    }

    /// <summary>The kernel closes what the process had open: the connection, the lock of the image, KVM's files.</summary>
    private void Die()
    {
        calls.LockImage(take: false);
        calls.PostToPeer(MessageKind.LinkClosed);
        Destroy();
    }

    private void WaitForSource() => calls.TimeOutAt(calls.Now + StepTimeout + StepTimeout);

    private ActorAddress OnThisHost(ActorAddress actor) => new(host, actor.Role, actor.Index);
}
