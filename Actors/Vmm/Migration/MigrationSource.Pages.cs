using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <content>Pre-copy: pages that became dirty are sent round after round, until what is left fits into the downtime.</content>
internal sealed partial class MigrationSource
{
    /// <summary>On the link, as QEMU's stream has it: the page's address and flags, then its bytes; of a zero page one byte (migration/ram.c).</summary>
    private const int HeaderBytes = 8;
    private const int PageBytes = HeaderBytes + GuestMemory.PageBytes;
    private const int ZeroPageBytes = HeaderBytes + 1;

    /// <summary>The destination has its empty VM, or could not make one.</summary>
    public void IncomingReady(int result)
    {
        if (_phase != SourcePhase.Preparing)
        {
            return;
        }

        if (result != 0)
        {
            Result.Error = result;
            GiveUp(MigrationOutcome.Failed, MigrationSide.Destination);
            return;
        }

        _destinationReady = true;
        PrepareDone();
    }

    /// <summary>A home has answered.</summary>
    public void DirtyPages(in Message answer)
    {
        var operation = (DirtyLogOperation)(byte)answer.Word2;
        if (operation is DirtyLogOperation.End or DirtyLogOperation.Forget or DirtyLogOperation.Accept)
        {
            // Nobody waits for it.
            return;
        }

        _awaited--;
        switch (_phase)
        {
            case SourcePhase.Preparing:
                PrepareDone();
                break;
            case SourcePhase.Copying:
                _round.Pages += (int)answer.Word0;
                _round.ZeroPages += (int)answer.Word1;
                if (_awaited == 0)
                {
                    SendRound();
                }

                break;
            case SourcePhase.Counting:
                _dirty += (int)(answer.Word0 + answer.Word1);
                if (_awaited == 0)
                {
                    Decide();
                }

                break;
            case SourcePhase.GivingUp:
                AnsweredWhileGivingUp();
                break;
        }
    }

    private void PrepareDone()
    {
        if (!_destinationReady || _awaited > 0)
        {
            return;
        }

        if (HasStale)
        {
            _phase = SourcePhase.ReadingStale;
            _index = -1;
            ReadNext();
            return;
        }

        BeginPrecopy();
    }

    private void BeginPrecopy()
    {
        if (Enter(MigrationStep.Precopy))
        {
            CopyRound();
        }
    }

    private void CopyRound()
    {
        _phase = SourcePhase.Copying;
        _round = new MigrationRound { Start = calls.Now };

        // What is sent into a link that is down arrives nowhere.
        AskHomes(_linkDown ? DirtyLogOperation.Count : DirtyLogOperation.Send);
    }

    private void SendRound()
    {
        _round.Bytes = ((long)_round.Pages * PageBytes) + ((long)_round.ZeroPages * ZeroPageBytes);
        _phase = SourcePhase.Sending;
        calls.WakeAt(calls.Now + OnLink(_round.Bytes));
    }

    private void RoundSent()
    {
        _round.End = calls.Now;
        if (Result.Rounds.Count < MigrationResult.RoundLimit)
        {
            Result.Rounds.Add(_round);
        }

        if (_guestStopped)
        {
            Transfer();
            return;
        }

        // A step is as long as its rounds; the time-out is for one that does not go on.
        calls.TimeOutAt(calls.Now + Plan.StepTimeout);
        TellAlive();
        _phase = SourcePhase.Counting;
        _dirty = 0;
        AskHomes(DirtyLogOperation.Count);
    }

    /// <summary>Stops the guest if what is left can be sent within the downtime; else another round, if there may be one.</summary>
    private void Decide()
    {
        if (OnLink((long)_dirty * PageBytes) <= Plan.DowntimeLimit)
        {
            Stop();
        }
        else if (Result.Rounds.Count < Plan.MaximumRounds)
        {
            CopyRound();
        }
        else if (Plan.NotConverging == Convergence.Force)
        {
            Stop();
        }
        else
        {
            GiveUp(MigrationOutcome.Cancelled, null);
        }
    }
}
