using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Vm;

/// <summary>A range of guest physical addresses that user space gives to a device (vgic_check_iorange; spec gicv3-its 9.2).</summary>
/// <param name="Base">First byte.</param>
/// <param name="Bytes">Its size.</param>
public readonly record struct GuestRange(ulong Base, ulong Bytes)
{
    /// <summary>What an address reads as that was not set.</summary>
    public const ulong Unset = ulong.MaxValue;

    private const ulong Alignment = RedistributorRegion.FrameBytes;

    /// <summary>The end is beyond the last byte that 64 bits can name.</summary>
    public bool Wraps => unchecked(Base + Bytes) < Base;

    /// <param name="ipaBits">Width of guest physical addresses.</param>
    /// <returns>0; EINVAL where it is not aligned to 64 KiB, or wraps; E2BIG where a part is beyond what the VM can address.</returns>
    public int Check(int ipaBits)
    {
        if (Base % Alignment != 0 || Bytes % Alignment != 0 || Wraps)
        {
            return Errno.InvalidArgument;
        }

        var limit = 1UL << ipaBits;
        return Base >= limit || Base + Bytes > limit ? Errno.TooBig : Errno.Success;
    }

    /// <summary>Whether the two have a byte in common; neither wraps.</summary>
    public bool Overlaps(GuestRange other) => Base < other.Base + other.Bytes && other.Base < Base + Bytes;
}
