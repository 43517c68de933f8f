using Trapline.Actors.Kernel;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>A call whose answer its sender waits for.</summary>
public struct OpenCall
{
    /// <summary>The last one sent.</summary>
    internal Message Message;

    /// <summary>When it was sent.</summary>
    internal VirtualTime At;

    /// <summary>Calls of this kind that the sender has open: one, unless an actor of a new kind makes several at once.</summary>
    internal int Count;

    /// <summary>The target is in the same group, so that the observer sees it arrive.</summary>
    internal bool IsLocal;

    internal bool Arrived;

    /// <summary>Whether it raises an interrupt where it arrives; if not it takes one back, or is about something else.</summary>
    internal readonly bool Raises => Message.Kind switch
    {
        MessageKind.LineChange or MessageKind.PinInput => (Message.Word1 & 1) != 0,
        MessageKind.MessageSignal => true,
        MessageKind.IpiSend => Message.Word0 == IpiRegisters.IpiSend,
        _ => false,
    };

    /// <summary>When what it carries began.</summary>
    internal readonly VirtualTime Origin => new((long)(MessageForms.CarriesInterrupt(Message.Kind) ? Message.Word2 : Message.Word3));

    /// <summary>Whether it can have reached its target by now.</summary>
    internal readonly bool HasArrivedBy(VirtualTime now) => IsLocal ? Arrived : now >= Message.Due;
}
