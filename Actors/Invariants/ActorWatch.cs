using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>What one actor's messages and reports say about its interrupts. It knows the actor from outside only.</summary>
internal abstract class ActorWatch(GroupObserver observer, ActorAddress address)
{
    protected GroupObserver Observer => observer;

    protected ActorAddress Address => address;

    /// <summary>The actor sends a call that carries an interrupt, or an answer.</summary>
    public virtual void Sent(in Message message)
    {
    }

    /// <summary>A call that carries an interrupt is about to be handled.</summary>
    public virtual void Received(in Message message)
    {
    }

    public virtual void Reported(in DeviceReport report)
    {
    }

    /// <summary>State was replaced: until it is seen anew, anything may be pending.</summary>
    public abstract void Forget();

    protected void Violated(Invariant invariant, string text, VirtualTime? origin = null, ActorAddress? other = null) =>
        observer.Violated(invariant, address, other ?? address, origin ?? VirtualTime.Never, text);
}
