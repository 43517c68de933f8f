using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>A call whose answer its sender waits for; of several the last one. What is needed of its message, and no more: calls are most of what is sent.</summary>
public struct OpenCall
{
    private uint _word0;
    private uint _word1;

    /// <summary>The sender's number for it.</summary>
    public ulong Sequence { get; private set; }

    public ActorAddress Source { get; private set; }

    public ActorAddress Target { get; private set; }

    public MessageKind Kind { get; private set; }

    /// <summary>When it was sent.</summary>
    public VirtualTime At { get; private set; }

    /// <summary>When what it carries began.</summary>
    public VirtualTime Origin { get; private set; }

    /// <summary>When it is to arrive.</summary>
    internal VirtualTime Due { get; private set; }

    /// <summary>Calls of this kind that the sender has open: one, unless an actor of a new kind makes several at once.</summary>
    internal byte Count { get; set; }

    /// <summary>The target is in the same group, so that the observer sees it arrive.</summary>
    internal bool IsLocal { get; private set; }

    internal bool Arrived { get; set; }

    /// <summary>Whether it raises an interrupt where it arrives; if not it takes one back, or is about something else.</summary>
    internal readonly bool Raises => Kind switch
    {
        MessageKind.LineChange or MessageKind.PinInput => Level,
        MessageKind.InterruptHand or MessageKind.SgiSignal => true,
        MessageKind.MessageSignal or MessageKind.EventfdWrite => true,
        MessageKind.IpiSend => _word0 == IpiRegisters.IpiSend,
        _ => false,
    };

    /// <summary>Of a line or an input its number.</summary>
    internal readonly int Line => (int)_word0;

    internal readonly bool Level => (_word1 & 1) != 0;

    /// <summary>What became of it, for the life of the interrupt that it carries.</summary>
    internal readonly LifeEvent Event(LifeEventKind kind, VirtualTime now) => LifeEvent.Of(kind, now, Source, Target, new Message { Kind = Kind, Word0 = _word0, Word1 = _word1, Word2 = (ulong)Origin.Picoseconds });

    internal void Open(in Message message, VirtualTime now, bool isLocal, bool carriesInterrupt)
    {
        Sequence = message.Sequence;
        Source = message.Source;
        Target = message.Target;
        Kind = message.Kind;
        At = now;
        Origin = new VirtualTime((long)(carriesInterrupt ? message.Word2 : message.Word3));
        Due = message.Due;
        _word0 = (uint)message.Word0;
        _word1 = (uint)message.Word1;
        IsLocal = isLocal;
        Arrived = false;
        Count++;
    }

    /// <summary>Whether it can have reached its target by now.</summary>
    internal readonly bool HasArrivedBy(VirtualTime now) => IsLocal ? Arrived : now >= Due;
}
