namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR of the controllers, with what the user pointer points
/// to as a number of readable bytes: fewer than the attribute needs are a bad pointer.
/// </summary>
public static class DeviceAttributes
{
    /// <param name="device">Whose attribute.</param>
    /// <param name="group">Of the attribute.</param>
    /// <param name="attribute">Within its group.</param>
    /// <param name="value">What the pointer points to, the lowest byte first.</param>
    /// <param name="bytes">How much of it is there.</param>
    /// <returns>0; EFAULT for a bad pointer, EINVAL or ENXIO, as the device has it, for an unknown group or attribute; then nothing changed.</returns>
    public static int Set(IAttributes device, uint group, ulong attribute, ulong value, int bytes)
    {
        ArgumentNullException.ThrowIfNull(device);
        var width = device.WidthOf(group, attribute);
        return bytes < width ? Errno.BadAddress : device.SetAttribute(group, attribute, Truncate(value, width));
    }

    /// <inheritdoc cref="Set"/>
    public static int Get(IAttributes device, uint group, ulong attribute, int bytes, out ulong value)
    {
        ArgumentNullException.ThrowIfNull(device);
        var result = device.GetAttribute(group, attribute, out value);
        if (result == Errno.Success && bytes < device.WidthOf(group, attribute))
        {
            result = Errno.BadAddress;
        }

        value = result == Errno.Success ? value : 0;
        return result;
    }

    /// <summary>A device that has no handler for it; those of LoongArch have none.</summary>
    public static int HasNone() => Errno.NotPermitted;

    private static ulong Truncate(ulong value, int bytes) => bytes >= sizeof(ulong) ? value : value & ((1UL << (8 * bytes)) - 1);
}
