using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <content>From the transfer on: the switch to the other host, or the way back, and the end of what is left here.</content>
internal sealed partial class MigrationSource
{
    /// <summary>Bytes of a value on the link: its name is known from its place, as in QEMU's vmstate.</summary>
    private const int ValueBytes = 8;

    /// <summary>The destination has set everything, or refused something.</summary>
    public void StateLoaded(int result, byte group)
    {
        if (_phase != SourcePhase.Loading)
        {
            return;
        }

        if (result != 0)
        {
            (Result.Error, Result.Refused) = (result, group);
            GiveUp(MigrationOutcome.Refused, null);
        }
        else if (Enter(MigrationStep.Handover))
        {
            _phase = SourcePhase.Releasing;
            calls.LockImage(take: false);
        }
    }

    /// <summary>The disk image has answered.</summary>
    public void ImageAnswer(int result)
    {
        if (_phase == SourcePhase.Releasing)
        {
            HandOver();
        }
        else if (_phase == SourcePhase.Reclaiming && result == 0)
        {
            // The other side has not taken it, and now cannot any more.
            GiveUp(MigrationOutcome.Failed, Result.Failed ?? MigrationSide.Link);
        }
        else if (_phase == SourcePhase.Reclaiming)
        {
            Result.Failed ??= MigrationSide.Link;
            _outcome = MigrationOutcome.Failed;
            Leave();
        }
    }

    /// <summary>The guest runs at the other host, or could not be run there.</summary>
    /// <param name="runs">Whether it does.</param>
    /// <param name="began">When the other side had the image.</param>
    /// <param name="resumed">When vCPUs ran.</param>
    public void HandoverDone(bool runs, VirtualTime began, VirtualTime resumed)
    {
        if (_phase is not (SourcePhase.HandingOver or SourcePhase.Reclaiming))
        {
            return;
        }

        if (!runs)
        {
            Result.Failed = MigrationSide.Destination;
            if (_phase == SourcePhase.HandingOver)
            {
                Reclaim();
            }

            return;
        }

        Result.Begin(MigrationStep.Resume, began);
        Result.ResumedAt = resumed;
        _outcome = MigrationOutcome.Completed;
        if (Plan.Failure is { Side: MigrationSide.Source, Step: MigrationStep.Resume })
        {
            // Its process would have ended anyway.
            (_outcome, Result.Failed) = (MigrationOutcome.Failed, MigrationSide.Source);
        }

        Leave();
    }

    private void Transfer()
    {
        if (!Enter(MigrationStep.Transfer))
        {
            return;
        }

        TransferFaults.Apply(Plan.TransferFaults, _stream, _stale);
        Result.StateBytes = (long)_stream.Count * ValueBytes;
        _phase = SourcePhase.Transferring;
        calls.WakeAt(calls.Now + OnLink(Result.StateBytes));
    }

    private void StateSent()
    {
        _stream.Send(calls);
        if (Enter(MigrationStep.Load))
        {
            _phase = SourcePhase.Loading;
        }
    }

    /// <summary>The image is nobody's: the destination may take it, if it is still there.</summary>
    private void HandOver()
    {
        if (_closed)
        {
            Result.Failed = MigrationSide.Destination;
            Reclaim();
            return;
        }

        _phase = SourcePhase.HandingOver;
        calls.TimeOutAt(calls.Now + Plan.StepTimeout);
        calls.PostToPeer(MessageKind.Handover);
    }

    private void Reclaim()
    {
        calls.TimeOutAt(VirtualTime.Never);
        _phase = SourcePhase.Reclaiming;
        calls.LockImage(take: true);
    }

    /// <summary>The VM is at the other host: all that is here of it goes.</summary>
    private void Leave()
    {
        Result.RunsAt = 1 - host;
        _phase = SourcePhase.Destroying;
        _index = -1;
        DestroyNext();
    }

    /// <summary>With its last file KVM's VM goes; then the process, with devices and memory.</summary>
    private void DestroyNext()
    {
        if (calls.CloseFile(++_index))
        {
            return;
        }

        calls.EndProcess();
        if (_outcome == MigrationOutcome.Completed)
        {
            Result.Begin(MigrationStep.Done, calls.Now);
        }

        Finish(_outcome);
    }

    /// <summary>The guest goes on here: at once, or when everything that was asked has been answered.</summary>
    private void GiveUp(MigrationOutcome outcome, MigrationSide? side)
    {
        _outcome = outcome;
        Result.Failed = side;
        calls.PostToPeer(MessageKind.LinkClosed, 1, word3: (ulong)_ordinal);

        foreach (var home in parts.Homes)
        {
            calls.Post(home, MessageKind.DirtyLog, (ulong)DirtyLogOperation.End);
        }

        calls.WakeAt(VirtualTime.Never);
        calls.TimeOutAt(VirtualTime.Never);
        _readsCounter = _phase == SourcePhase.ReadingCounter;
        _phase = SourcePhase.GivingUp;
        AnsweredWhileGivingUp();
    }

    private void AnsweredWhileGivingUp()
    {
        if (_awaited > 0)
        {
            return;
        }

        if (!_guestStopped && !_halted.Contains(true))
        {
            Finish(_outcome);
            return;
        }

        for (var i = 0; i < _resting; i++)
        {
            calls.Post(OnThisHost(parts.Interrupting[i]), MessageKind.Rest, 0);
        }

        _resting = 0;
        _phase = SourcePhase.Resuming;

        // vCPUs run once everything is as they left it.
        calls.WakeAt(calls.Now + calls.Ioctl);
    }

    /// <summary>Every vCPU's thread calls KVM_RUN again.</summary>
    private void RunAll()
    {
        RunHalted();
        if (_guestStopped)
        {
            Result.ResumedAt = calls.Now;
        }

        if (_awaited == 0)
        {
            Finish(_outcome);
        }
    }

    private void RunHalted()
    {
        _awaited = 0;
        for (var vcpu = 0; vcpu < parts.Vcpus; vcpu++)
        {
            if (_halted[vcpu] && _ran[vcpu])
            {
                _awaited++;
                calls.CallVm(KvmIoctl.Run, (ulong)vcpu);
            }
        }

        Array.Clear(_halted);
    }
}
