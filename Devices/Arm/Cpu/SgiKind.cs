namespace Trapline.Devices.Arm.Cpu;

/// <summary>The register that a software-generated interrupt was asked for by. The numbers are part of the wire format.</summary>
public enum SgiKind : byte
{
    /// <summary>ICC_SGI1R_EL1: KVM sets an SGI of either group, QEMU one of group 1 alone.</summary>
    Sgi1,

    /// <summary>ICC_ASGI1R_EL1: an SGI that is configured as group 0, for there is but one security state.</summary>
    Asgi1,

    /// <summary>ICC_SGI0R_EL1: an SGI that is configured as group 0.</summary>
    Sgi0,
}
