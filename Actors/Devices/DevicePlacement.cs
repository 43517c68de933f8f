using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>Where the devices of a machine run, what it costs them to reach one another, and who excludes whom.</summary>
public sealed record DevicePlacement
{
    /// <summary>The interrupt controllers are in the VMM, with the devices; otherwise in the kernel.</summary>
    public bool ControllersInUserSpace { get; init; }

    /// <summary>J: a system call of the VMM.</summary>
    public required VirtualTime Ioctl { get; init; }

    /// <summary>Who owns the big lock that everything in user space takes; none where nobody waits.</summary>
    public ActorAddress BigLock { get; init; }

    /// <summary>What a controller pays to change a vCPU's line: KVM_INTERRUPT, or nothing in the kernel.</summary>
    public VirtualTime LineCall => ControllersInUserSpace ? Ioctl : VirtualTime.Zero;

    /// <summary>What a device in user space pays to reach a controller.</summary>
    public VirtualTime InjectionCall => ControllersInUserSpace ? VirtualTime.Zero : Ioctl;
}
