namespace Trapline.Devices.Common.Kvm;

/// <summary>A device of the kernel as KVM_SET_DEVICE_ATTR and KVM_GET_DEVICE_ATTR see it.</summary>
public interface IAttributes
{
    /// <summary>Bytes that the user pointer must hold; 0 for an attribute that does not look at it, and for what does not exist.</summary>
    int WidthOf(uint group, ulong attribute);

    /// <returns>0 or a negative errno; then nothing changed.</returns>
    int SetAttribute(uint group, ulong attribute, ulong value);

    /// <inheritdoc cref="SetAttribute"/>
    int GetAttribute(uint group, ulong attribute, out ulong value);
}
