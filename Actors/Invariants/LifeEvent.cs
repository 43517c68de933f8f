using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Invariants;

/// <summary>One step in the life of an interrupt: 32 bytes without references, so that keeping it allocates nothing.</summary>
/// <param name="At">When.</param>
/// <param name="Origin">When what raised the interrupt began, as its messages carry it; Never where the step does not know.</param>
/// <param name="Actor">Where.</param>
/// <param name="Other">The other end of a message.</param>
/// <param name="Kind">What.</param>
/// <param name="Code">By kind.</param>
/// <param name="Number">By kind.</param>
/// <param name="Value">By kind, the low 32 bits.</param>
public readonly record struct LifeEvent(
    VirtualTime At, VirtualTime Origin, ActorAddress Actor, ActorAddress Other, LifeEventKind Kind, byte Code, ushort Number, uint Value)
{
    /// <summary>A step that a message makes.</summary>
    internal static LifeEvent Of(LifeEventKind kind, VirtualTime at, ActorAddress actor, ActorAddress other, in Message message) => new(
        at,
        new VirtualTime((long)message.Word2),
        actor,
        other,
        kind,
        (byte)message.Kind,
        (ushort)message.Word0,
        message.Kind is MessageKind.LineChange or MessageKind.PinInput ? (uint)message.Word1 & 1 : (uint)message.Word1);

    /// <summary>The rows of an event, for the lives that nodes send one another.</summary>
    public static void Sync(StateSync sync, ref LifeEvent life)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var (at, origin, actor, other, kind, code, number, value) = life;
        sync.Row("at", ref at);
        sync.Row("origin", ref origin);
        sync.Row("actor", ref actor);
        sync.Row("other", ref other);
        var what = (byte)kind;
        sync.RowBelow("kind", ref what, (int)LifeEventKind.InterruptReport + 1);
        sync.Row("code", ref code);
        var wide = (uint)number;
        sync.Row("number", ref wide);
        sync.Row("value", ref value);
        life = new LifeEvent(at, origin, actor, other, (LifeEventKind)what, code, (ushort)wide, value);
    }
}
