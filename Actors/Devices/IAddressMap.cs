using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>Which actor of a machine serves an address, and on which side of the boundary it is.</summary>
public interface IAddressMap
{
    /// <summary>The VMM, which finds nothing at the addresses that come to it in vain.</summary>
    ActorAddress UserSpace { get; }

    /// <summary>Whether a trap to this actor ends in the kernel: the interrupt controllers, where KVM emulates them.</summary>
    bool IsInKernel(ActorAddress target);

    /// <summary>Where a vCPU turns to: to a device of the kernel itself; to one in user space through the VMM, if that has a lock to take.</summary>
    ActorAddress Enter(ActorAddress target);

    /// <summary>Who serves an access on the bus that LoongArch has beside memory, from the CPU whose bus it is; user space where there is none.</summary>
    /// <param name="vcpu">The CPU whose bus it is.</param>
    /// <param name="address">On that bus.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    ActorAddress FindIocsr(int vcpu, ulong address, int size);

    /// <summary>Who serves an access to memory-mapped registers: who covers it from its first to its last byte.</summary>
    /// <param name="address">Guest physical.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    ActorAddress FindMmio(ulong address, int size);
}
