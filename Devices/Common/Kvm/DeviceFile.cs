namespace Trapline.Devices.Common.Kvm;

/// <summary>The file of a device that KVM_CREATE_DEVICE has made.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Number">Of several of its type, in the order of their creation.</param>
public readonly record struct DeviceFile(KvmDeviceType Type, int Number = 0)
{
    public static implicit operator DeviceFile(KvmDeviceType type) => FromType(type);

    /// <summary>The only one, or the first, of a type.</summary>
    public static DeviceFile FromType(KvmDeviceType type) => new(type);
}
