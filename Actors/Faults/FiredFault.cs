using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Faults;

/// <summary>A planned fault that has hit a message.</summary>
/// <param name="At">When the message was sent.</param>
/// <param name="Plan">Which of the plans, by number.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Target">To whom.</param>
public readonly record struct FiredFault(VirtualTime At, int Plan, ActorAddress Source, ActorAddress Target)
{
    /// <summary>The rows of a fault, in saved state and in the results that nodes send one another.</summary>
    public static void Sync(StateSync sync, ref FiredFault fault)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var (at, plan, source, target) = fault;
        sync.Row("at", ref at);
        var number = (byte)plan;
        sync.RowBelow("plan", ref number, FaultPlan.MostPlans);
        sync.Row("source", ref source);
        sync.Row("target", ref target);
        fault = new FiredFault(at, number, source, target);
    }
}
