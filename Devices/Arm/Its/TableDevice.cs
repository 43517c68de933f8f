namespace Trapline.Devices.Arm.Its;

/// <summary>A device table entry of QEMU's: valid in bit 0, event bits - 1 in 5:1, bits 51:8 of the table's address in 49:6.</summary>
internal readonly record struct TableDevice(ulong Entry)
{
    private const int BitsShift = 1;
    private const ulong BitsMask = 0x1F;
    private const int AddressShift = 6;
    private const ulong AddressMask = (1UL << 44) - 1;
    private const int AddressAlignment = 8;

    /// <summary>Bytes of an entry of the table that it leads to.</summary>
    private const ulong EventBytes = 12;

    public bool IsValid => (Entry & 1) != 0;

    /// <summary>How many EventIDs.</summary>
    public ulong Events => 1UL << ((int)((Entry >> BitsShift) & BitsMask) + 1);

    public ulong AddressOf(uint eventId) => (((Entry >> AddressShift) & AddressMask) << AddressAlignment) + (eventId * EventBytes);

    public static ulong Of(ulong table, int eventBits) =>
        1 | ((ulong)(eventBits - 1) << BitsShift) | (((table >> AddressAlignment) & AddressMask) << AddressShift);
}
