namespace Trapline.Devices.Common.Kvm;

/// <summary>How the interrupt routing of one architecture differs from that of another.</summary>
public sealed record RoutingRules
{
    /// <summary>64 pins of PCH-PIC; a message is its data alone; nobody hears of the end of a level (arch/loongarch/kvm/irqfd.c).</summary>
    public static readonly RoutingRules LoongArch = new() { Pins = 64 };

    /// <summary>Pin p is SPI 32 + p; a message has its address and its sender's id; resample irqfds work (arch/arm64/kvm/vgic/vgic-irqfd.c, spec gicv3-its 1.7 and 8.1).</summary>
    public static readonly RoutingRules Arm = new() { Pins = 988, MessageFlags = KvmMessage.ValidDeviceId, MessagesHaveAddress = true, Resamples = true };

    /// <summary>KVM_IRQCHIP_NUM_PINS.</summary>
    public required int Pins { get; init; }

    /// <summary>Flags that a routing entry of type MSI may have.</summary>
    public uint MessageFlags { get; init; }

    /// <summary>Whether the address of a message and the id of its sender matter.</summary>
    public bool MessagesHaveAddress { get; init; }

    /// <summary>Whether the resample eventfd of an irqfd is ever signalled.</summary>
    public bool Resamples { get; init; }
}
