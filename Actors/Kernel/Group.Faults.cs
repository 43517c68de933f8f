using System.Runtime.CompilerServices;
using Trapline.Actors.Faults;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <content>What planned faults do to a message that is being sent.</content>
public sealed partial class Group
{
    /// <summary>True if a fault has hit: the message has been dealt with.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fault(Actor source, ActorAddress target, MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        if (target.IsEcho || _faults!.Hits(source.Address, target, kind, Now) is not { } plan)
        {
            return false;
        }

        var location = Find(source, target);
        var isLocal = location.Group == Index;
        Message message = default;
        message.Due = isLocal ? Now : Arrival(source, target, location.Group);
        message.Source = source.Address;
        message.Sequence = source.NextSequence;
        Fill(ref message, target, kind, word0, word1, word2, word3);
        if (plan.Kind == FaultKind.Delay)
        {
            message.Due += plan.By;
        }

        _observer?.Sent(in message, source.Slot, isLocal);
        Apply(plan, in message, location.Group);
        return true;
    }

    private void Apply(FaultPlan plan, in Message message, int group)
    {
        switch (plan.Kind)
        {
            case FaultKind.Drop when MessageForms.IsCall(message.Kind):
                _immediate.Add() = LostCalls.AnswerTo(in message, Now);
                break;
            case FaultKind.Drop:
                break;
            case FaultKind.Repeat:
                PutOnItsWay(in message, group);
                var again = message;
                again.Source = message.Source.Echo;
                again.Due += plan.By;
                if (group == Index)
                {
                    // Behind all that the first one causes without delay.
                    Queue.Push(in again);
                }
                else
                {
                    _output.To(group) = again;
                }

                break;
            default:
                PutOnItsWay(in message, group);
                break;
        }
    }

    private void PutOnItsWay(in Message message, int group)
    {
        if (group != Index)
        {
            _output.To(group) = message;
        }
        else if (message.Due > Now)
        {
            Queue.Push(in message);
        }
        else
        {
            _immediate.Add() = message;
        }
    }

    /// <summary>An echo has its answer already: a second one goes nowhere.</summary>
    private void FailUnlessEcho(Actor source, ActorAddress target)
    {
        if (!target.IsEcho || !_directory.TryFind(target.Original, out _))
        {
            throw NobodyThere(source, target);
        }
    }
}
