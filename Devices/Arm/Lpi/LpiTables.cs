using System.Runtime.InteropServices;

namespace Trapline.Devices.Arm.Lpi;

/// <summary>Where the LPI tables in guest memory have what (spec gicv3-its 5).</summary>
internal static class LpiTables
{
    public const byte PropertyEnabled = 1;

    /// <summary>Of a property byte KVM does not keep bit 1.</summary>
    public const byte PropertyKept = 0xFD;

    /// <summary>The first byte of a pending table that is ever touched: that of INTID 8192.</summary>
    public const ulong FirstPendingByte = InterruptIds.FirstLpi / BitsPerByte;

    private const int BitsPerByte = 8;
    private const int MaximumIdBits = 16;
    private const ulong IdBitsMask = 0x1F;

    /// <summary>Bits 51:12.</summary>
    private const ulong PropertyAddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>Bits 51:16.</summary>
    private const ulong PendingAddressMask = 0x000F_FFFF_FFFF_0000;

    /// <summary>One above the greatest INTID that a PROPBASER allows; may be below the first LPI.</summary>
    public static int Limit(ulong propertyBase) => 1 << Math.Min((int)(propertyBase & IdBitsMask) + 1, MaximumIdBits);

    public static ulong PropertyAddress(ulong propertyBase, int interruptId) =>
        (propertyBase & PropertyAddressMask) + (ulong)(interruptId - InterruptIds.FirstLpi);

    public static ulong PendingTable(ulong pendingBase) => pendingBase & PendingAddressMask;

    public static ulong PendingAddress(ulong pendingBase, int interruptId) => PendingTable(pendingBase) + (ulong)(interruptId / BitsPerByte);

    public static byte PendingBit(int interruptId) => (byte)(1 << (interruptId % BitsPerByte));

    /// <summary>Leaves of property bytes what is kept.</summary>
    public static void KeepProperties(Span<byte> properties)
    {
        foreach (ref var eight in MemoryMarshal.Cast<byte, ulong>(properties))
        {
            eight &= PropertyKept * 0x0101_0101_0101_0101UL;
        }
    }
}
