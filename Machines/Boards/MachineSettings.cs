using Trapline.Machines.Quirks;

namespace Trapline.Machines.Boards;

/// <summary>Choices of a machine that a matrix may vary; the default is a VM of today's Linux with everything in the kernel.</summary>
public sealed record MachineSettings
{
    public Hypervisor Hypervisor { get; init; } = Hypervisor.Kvm;

    public Irqchip Irqchip { get; init; } = Irqchip.Kernel;

    public BigLock BigLock { get; init; } = BigLock.On;

    public MessageDelivery Msi { get; init; } = MessageDelivery.Irqfd;

    public Paravirtualization Paravirt { get; init; } = Paravirtualization.Final;

    /// <summary>INTIDs of an ARM machine's distributor; null is the board's number.</summary>
    public int? Interrupts { get; init; }

    /// <summary>Bugs that the machine has besides those of its profile.</summary>
    public QuirkSet Quirks { get; init; } = QuirkSet.None;

    /// <summary>Null is a machine on one host of which nobody speaks.</summary>
    public HostSpread? Hosts { get; init; }

    public void Deconstruct(out Hypervisor hypervisor, out Irqchip irqchip, out BigLock bigLock, out MessageDelivery msi, out Paravirtualization paravirt)
        => (hypervisor, irqchip, bigLock, msi, paravirt) = (Hypervisor, Irqchip, BigLock, Msi, Paravirt);
}
