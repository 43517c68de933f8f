using System.Buffers.Binary;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;

namespace Trapline.Devices.LoongArch.Routing;

/// <summary>
/// KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR of the three controllers, with what the user pointer
/// points to as bytes: fewer than the attribute needs are a bad pointer.
/// </summary>
public sealed class DeviceAttributes(IpiUapi ipi, EiointcUapi eiointc, PchPicUapi pic)
{
    /// <returns>0; EFAULT for a bad pointer, EINVAL for an unknown group or attribute; then nothing changed.</returns>
    public int Set(KvmDeviceType device, uint group, ulong attribute, ReadOnlySpan<byte> user)
    {
        var width = WidthOf(device, group, attribute);
        if (user.Length < width)
        {
            return Errno.BadAddress;
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        user[..width].CopyTo(padded);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(padded);
        return device switch
        {
            KvmDeviceType.Ipi => ipi.SetAttribute(group, attribute, value),
            KvmDeviceType.Eiointc => eiointc.SetAttribute(group, attribute, (uint)value),
            KvmDeviceType.PchPic => pic.SetAttribute(group, attribute, value),
            _ => Errno.NoSuchDevice,
        };
    }

    /// <inheritdoc cref="Set"/>
    public int Get(KvmDeviceType device, uint group, ulong attribute, Span<byte> user)
    {
        ulong value = 0;
        int result;
        switch (device)
        {
            case KvmDeviceType.Ipi:
                result = ipi.GetAttribute(group, attribute, out value);
                break;
            case KvmDeviceType.Eiointc:
                result = eiointc.GetAttribute(group, attribute, out var word);
                value = word;
                break;
            case KvmDeviceType.PchPic:
                result = pic.GetAttribute(group, attribute, out value);
                break;
            default:
                return Errno.NoSuchDevice;
        }

        if (result != Errno.Success)
        {
            return result;
        }

        var width = WidthOf(device, group, attribute);
        if (user.Length < width)
        {
            return Errno.BadAddress;
        }

        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(whole, value);
        whole[..width].CopyTo(user);
        return Errno.Success;
    }

    /// <summary>None of these devices has a handler for it.</summary>
    public static int Has() => Errno.NotPermitted;

    /// <summary>Bytes that the user pointer must hold; 0 for LOAD_FINISHED, which does not look at it, and for what does not exist.</summary>
    private static int WidthOf(KvmDeviceType device, uint group, ulong attribute) => (device, group) switch
    {
        (KvmDeviceType.Ipi, IpiUapi.RegistersGroup) => IpiUapi.WidthOf(attribute),
        (KvmDeviceType.Eiointc, EiointcUapi.ControlGroup) => attribute is EiointcUapi.ControlInitializeCpuCount or EiointcUapi.ControlInitializeFeatures ? sizeof(uint) : 0,
        (KvmDeviceType.Eiointc, EiointcUapi.RegistersGroup or EiointcUapi.StatusGroup) => sizeof(uint),
        (KvmDeviceType.PchPic, PchPicUapi.RegistersGroup) => PchPicUapi.WidthOf(attribute),
        (KvmDeviceType.PchPic, PchPicUapi.ControlGroup) => attribute == PchPicUapi.ControlInit ? sizeof(ulong) : 0,
        _ => 0,
    };
}
