using Trapline.Devices.Common.Transfer;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>What the two halves of a migration ask of the VMM that they are rows of.</summary>
internal interface IMigrationCalls : IVmmCalls
{
    VirtualTime Now { get; }

    /// <summary>What an ioctl takes.</summary>
    VirtualTime Ioctl { get; }

    /// <summary>The kernel has the interrupt controllers, and so wants to know where GSIs lead.</summary>
    bool RoutesInKernel { get; }

    /// <summary>An ioctl that was made has not been answered.</summary>
    bool HasOpenCall { get; }

    /// <summary>Makes the ioctl that gets a value, or sets it.</summary>
    void Call(in StateItem item, bool isSet, ulong value);

    /// <summary>A message to an actor of this host.</summary>
    void Post(ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0);

    /// <summary>A message to the VMM of the other host; lost where the link is down.</summary>
    void PostToPeer(MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0);

    /// <summary>Asks for the lock of the disk image, or gives it back; the storage has a way of its own to both hosts.</summary>
    void LockImage(bool take);

    /// <summary>Lets who watches over the invariants look at all registers; costs nothing and changes nothing.</summary>
    void Inspect(InspectedParts parts, bool isAfter, int source, int ordinal);

    /// <summary>What the VMM knows of its devices' messages, into a stream.</summary>
    void AddRoutes(TransferStream stream);

    /// <summary>Takes over what the other side's VMM knew of the messages of a queue.</summary>
    /// <returns>False if there is no such queue.</returns>
    bool TrySetRoute(int queue, ulong value);

    /// <summary>KVM_IRQFD for the eventfd of a queue.</summary>
    void AssignIrqfd(int queue);

    /// <summary>Makes a VM whose vCPUs do not run.</summary>
    void CreateMachine();

    /// <summary>The first of the plans that has not begun.</summary>
    int PlansFrom { get; }

    /// <summary>The VM is this one's from now on.</summary>
    void TookOver();

    /// <summary>Closes the next of KVM's files; false if there is none of that number.</summary>
    /// <param name="number">From 0: the vCPUs', the devices', the VM's.</param>
    bool CloseFile(int number);

    /// <summary>The VMM's process is over: its devices and its memory go, and a new one waits in its place for what may come.</summary>
    void EndProcess();

    /// <summary>Wakes the migration then, in place of any earlier time set.</summary>
    void WakeAt(VirtualTime at);

    /// <summary>As <see cref="WakeAt"/>, for the time-out of a step; never where there is none.</summary>
    void TimeOutAt(VirtualTime at);
}
