namespace Trapline.Devices.Common.Kvm;

/// <summary>KVM_IRQ_ROUTING_*: where an entry of the routing table leads.</summary>
public enum GsiRouteKind : uint
{
    None = 0,

    /// <summary>KVM_IRQ_ROUTING_IRQCHIP: a pin of PCH-PIC, irqchip 0.</summary>
    Irqchip = 1,

    /// <summary>KVM_IRQ_ROUTING_MSI: a message.</summary>
    Msi = 2,
}
