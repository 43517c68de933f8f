using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Invariants;

/// <summary>An invariant that did not hold.</summary>
/// <param name="At">The virtual time at which the state became wrong; no window has a part in it.</param>
/// <param name="Invariant">Which.</param>
/// <param name="Actor">To whom it happened.</param>
/// <param name="Other">The other end of the path, where there is one; else the actor.</param>
/// <param name="Origin">When what raised the interrupt began; Never where that is not known.</param>
/// <param name="Text">One sentence.</param>
public sealed record Violation(VirtualTime At, Invariant Invariant, ActorAddress Actor, ActorAddress Other, VirtualTime Origin, string Text)
{
    private const int LongestText = 1024;

    /// <summary>The rows of a violation, for the results that nodes send one another.</summary>
    public static Violation Sync(StateSync sync, Violation? violation)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var (at, invariant, actor, other, origin, text) = violation ?? new Violation(default, default, default, default, default, "");
        sync.Row("at", ref at);
        var number = (byte)invariant;
        sync.RowBelow("invariant", ref number, InvariantNames.Count);
        sync.Row("actor", ref actor);
        sync.Row("other", ref other);
        sync.Row("origin", ref origin);
        sync.Text("text", ref text, LongestText);
        return new Violation(at, (Invariant)number, actor, other, origin, text);
    }
}
