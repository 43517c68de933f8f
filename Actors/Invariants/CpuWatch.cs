using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>A vCPU: besides its messages and reports its sleep is judged, when all that happens at an instant has happened.</summary>
internal abstract class CpuWatch(GroupObserver observer, ActorAddress address) : ActorWatch(observer, address)
{
    /// <summary>Waits to be settled.</summary>
    public bool Unsettled { get; set; }

    /// <summary>All that happens at this instant has happened.</summary>
    public abstract void Settle();

    /// <summary>A call to it vanished on its way inside the group.</summary>
    public virtual void Missed(in OpenCall call)
    {
    }
}
