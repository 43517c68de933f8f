using Trapline.Devices.Common.Kvm;

namespace Trapline.Actors.Vmm;

/// <summary>The ioctls that a VMM makes; each is answered later.</summary>
public interface IVmmCalls
{
    /// <summary>Of the system or of the VM's file, or of a vCPU's that has not run: the vCPU is then the first argument.</summary>
    void CallVm(KvmIoctl ioctl, ulong first = 0, ulong second = 0, ulong third = 0, uint upper = 0);

    /// <summary>Of a device's file.</summary>
    void CallDevice(DeviceFile device, KvmIoctl ioctl, uint group, ulong attribute, ulong value, int bytes);

    /// <summary>KVM_SET_GSI_ROUTING with all that the VMM knows.</summary>
    void SetRouting();
}
