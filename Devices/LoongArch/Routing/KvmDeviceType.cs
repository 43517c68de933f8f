namespace Trapline.Devices.LoongArch.Routing;

/// <summary>KVM_DEV_TYPE_LOONGARCH_*: the numbers of KVM_CREATE_DEVICE. DMSINTC (15) needs hardware that is not simulated.</summary>
public enum KvmDeviceType : uint
{
    Ipi = 12,
    Eiointc = 13,
    PchPic = 14,
}
