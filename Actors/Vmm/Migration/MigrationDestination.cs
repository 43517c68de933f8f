using Trapline.Actors.Migration;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Transfer;
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
    private int _plansFrom;
    private int _index;
    private int _awaited;
    private bool _linkDown;
    private VirtualTime _began;

    // A migration that is to begin once nothing of the one before is left here; ordinal 0 where there is none.
    private int _nextNumber;
    private int _nextOrdinal;
    private int _nextPlansFrom;

    public bool IsActive => _phase != DestinationPhase.Idle;

    /// <summary>The link is down: nothing that the other side sends arrives.</summary>
    public bool IsCutOff => _linkDown;

    /// <summary>What was made here is taken down: nothing is made any more.</summary>
    public bool IsEnding => _phase == DestinationPhase.Destroying;

    /// <summary>The first of the plans that is this host's to begin, once it has the VM.</summary>
    public int PlansFrom => _plansFrom;

    private MigrationStep FailingStep => _number < plans.Count && plans[_number].Failure is { Side: not MigrationSide.Source } failure ? failure.Step : MigrationStep.Done;

    private bool KillsDestination => _number < plans.Count && plans[_number].Failure is { Side: MigrationSide.Destination };

    private VirtualTime StepTimeout => _number < plans.Count ? plans[_number].StepTimeout : VirtualTime.Never;

    /// <summary>
    /// The other side wants to send a VM; said again while it goes on, it is still there. A source has one connection: with a new
    /// one the one before is over, whether this side was told or not.
    /// </summary>
    /// <param name="number">Of the plan.</param>
    /// <param name="ordinal">How many migrations have begun there, this one included.</param>
    /// <param name="plansFrom">The first plan that has not begun.</param>
    public void Incoming(int number, int ordinal, int plansFrom)
    {
        if (ordinal != (_nextOrdinal == 0 ? _ordinal : _nextOrdinal))
        {
            (_nextNumber, _nextOrdinal, _nextPlansFrom) = (number, ordinal, plansFrom);
            LinkClosed();
        }
        else if (MayEnd)
        {
            WaitForSource();
        }
    }

    /// <summary>Begins what was asked for meanwhile, if nothing is left of what was before.</summary>
    public void BeginNext()
    {
        if (_nextOrdinal == 0 || IsActive)
        {
            return;
        }

        (_number, _ordinal, _plansFrom, _linkDown, _awaited) = (_nextNumber, _nextOrdinal, _nextPlansFrom, false, 0);
        _nextOrdinal = 0;
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
            Tell(MessageKind.IncomingReady, (ulong)(long)result);
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
        switch (_phase)
        {
            case DestinationPhase.Resting when --_awaited == 0:
                _phase = DestinationPhase.Receiving;
                Tell(MessageKind.IncomingReady);
                break;
            case DestinationPhase.Destroying:
                AnsweredWhileEnding();
                break;
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
        WaitForSource();
        if (table.SavesIntoMemory)
        {
            // What is restored out of memory is taken out of it: pending bits.
            calls.Inspect(InspectedParts.Memory, isAfter: true, 1 - host, _ordinal);
        }

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
        if (_phase == DestinationPhase.Destroying)
        {
            // The lock is gone before the other side can ask for it: otherwise the VM would be nobody's.
            Tell(MessageKind.LinkClosed);
            AnsweredWhileEnding();
            return;
        }

        if (_phase != DestinationPhase.Locking)
        {
            return;
        }

        if (result != 0)
        {
            Tell(MessageKind.HandoverDone);
            Destroy();
            return;
        }

        _began = calls.Now;
        _phase = DestinationPhase.Starting;
        if (!Survives(MigrationStep.Resume))
        {
            return;
        }

        calls.Inspect(table.SavesIntoMemory ? InspectedParts.Registers : InspectedParts.All, isAfter: true, 1 - host, _ordinal);
        foreach (var actor in parts.Interrupting)
        {
            calls.Post(OnThisHost(actor), MessageKind.Rest, 0);
        }

        calls.WakeAt(calls.Now + calls.Ioctl);
    }

    /// <summary>The source has given up, or is gone: without the image this VM is nobody's.</summary>
    public void LinkClosed()
    {
        if (MayEnd)
        {
            Destroy();
        }
    }

    /// <summary>The source has closed the connection of a migration.</summary>
    /// <param name="ordinal">Which.</param>
    public void LinkClosed(int ordinal)
    {
        if (ordinal == _nextOrdinal)
        {
            _nextOrdinal = 0;
        }
        else if (ordinal == _ordinal)
        {
            LinkClosed();
        }
    }

    /// <summary>The source has not been heard of.</summary>
    public void TimedOut()
    {
        if (MayEnd)
        {
            Tell(MessageKind.LinkClosed);
            Destroy();
        }
    }

    /// <summary>A planned fault: this process dies.</summary>
    /// <param name="ordinal">In which migration.</param>
    public void Kill(int ordinal)
    {
        if (ordinal == _ordinal && MayEnd)
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
        sync.Row("index", ref _index);
        sync.Row("awaited", ref _awaited);
        sync.Row("linkDown", ref _linkDown);
        sync.Row("began", ref _began);
        sync.Row("plansFrom", ref _plansFrom);
        sync.Row("nextNumber", ref _nextNumber);
        sync.Row("nextOrdinal", ref _nextOrdinal);
        sync.Row("nextPlansFrom", ref _nextPlansFrom);
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

    /// <summary>The kernel closes what the process had open: the lock of the image, then the connection, and KVM's files.</summary>
    private void Die()
    {
        calls.LockImage(take: false);
        Destroy(awaited: 1);
    }

    /// <summary>It has not asked for the image yet: without it this VM is nobody's, and may go.</summary>
    private bool MayEnd => _phase is not (DestinationPhase.Idle or DestinationPhase.Locking or DestinationPhase.Starting or DestinationPhase.Running or DestinationPhase.Destroying);

    /// <summary>To the source, with the migration that it is about: an earlier one may be on its way yet.</summary>
    private void Tell(MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0) => calls.PostToPeer(kind, word0, word1, word2, (ulong)_ordinal);

    private void WaitForSource() => calls.TimeOutAt(calls.Now + StepTimeout + StepTimeout);

    private ActorAddress OnThisHost(ActorAddress actor) => new(host, actor.Role, actor.Index);
}
