namespace Trapline.Messages;

/// <summary>
/// What an actor is in its machine. Part of its address, and so of the order in which actors are hashed: a number
/// here, once released, keeps its meaning.
/// </summary>
public enum ActorRole : byte
{
    None = 0,

    /// <summary>The VM half of the userspace/kernel boundary, on the board.</summary>
    Boundary = 1,

    /// <summary>The home of a group's pages of guest memory.</summary>
    Memory = 2,

    /// <summary>A virtual CPU: instructions, interrupt inputs, CPU-internal timer.</summary>
    Vcpu = 3,

    /// <summary>LoongArch: the IPI unit of one CPU.</summary>
    Ipi = 4,

    /// <summary>LoongArch: the extended I/O interrupt controller with the rows of all CPUs, on the board.</summary>
    Eiointc = 5,

    /// <summary>LoongArch: the interrupt controller of the 7A1000 bridge.</summary>
    PchPic = 6,

    /// <summary>LoongArch: the bridge's doorbell for messages.</summary>
    PchMsi = 7,

    /// <summary>LoongArch: the miscellaneous IOCSR registers, in user space.</summary>
    Misc = 8,

    /// <summary>A UART, in user space: a 16550, or on ARM a PL011.</summary>
    Uart = 9,

    /// <summary>A real-time clock, in user space.</summary>
    Rtc = 10,

    /// <summary>A device that interrupts by messages, in user space.</summary>
    MsiDevice = 11,

    /// <summary>A device that interrupts by a level, in user space.</summary>
    LevelDevice = 12,

    /// <summary>The user-space half of a VM: serves exits, owns the big lock.</summary>
    Vmm = 13,

    /// <summary>An eventfd: a counter in the kernel that one side adds to and the other is woken by.</summary>
    Eventfd = 14,

    /// <summary>A VM's disk image on storage that all hosts reach; its lock says which host may run the VM.</summary>
    DiskImage = 15,

    /// <summary>Who sits before the simulation: no actor, but the source of what is done to one while it runs.</summary>
    Person = 16,

    /// <summary>A device through which the VMs of a scenario interrupt one another, in user space.</summary>
    DoorbellDevice = 17,

    /// <summary>ARM: the GIC but for what is in each CPU: distributor, redistributors, ITSs, LPIs; on the board.</summary>
    Gic = 18,

    /// <summary>A logical process of a synthetic load.</summary>
    Process = 128,
}
