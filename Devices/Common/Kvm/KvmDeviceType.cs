namespace Trapline.Devices.Common.Kvm;

/// <summary>KVM_DEV_TYPE_*: the numbers of KVM_CREATE_DEVICE. DMSINTC (15) needs hardware that is not simulated.</summary>
public enum KvmDeviceType : uint
{
    None = 0,

    /// <summary>ARM: the distributor, the redistributors and the CPU interfaces.</summary>
    GicV3 = 7,

    /// <summary>ARM: an interrupt translation service; a VM may have several.</summary>
    Its = 8,

    /// <summary>LoongArch: the IPI units of all vCPUs.</summary>
    Ipi = 12,

    /// <summary>LoongArch.</summary>
    Eiointc = 13,

    /// <summary>LoongArch.</summary>
    PchPic = 14,
}
