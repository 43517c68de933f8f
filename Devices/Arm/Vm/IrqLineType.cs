namespace Trapline.Devices.Arm.Vm;

/// <summary>KVM_ARM_IRQ_TYPE_*: bits 27:24 of the argument of KVM_IRQ_LINE.</summary>
public enum IrqLineType
{
    /// <summary>IRQ or FIQ of a vCPU: of a VM without a GIC in the kernel.</summary>
    Cpu = 0,
    Spi = 1,
    Ppi = 2,
}
