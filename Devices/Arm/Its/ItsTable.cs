namespace Trapline.Devices.Arm.Its;

/// <summary>A table of 8-byte entries in guest memory as a GITS_BASER describes it (spec gicv3-its 6.5, 6.6).</summary>
/// <param name="Base">Guest physical.</param>
/// <param name="PageBytes">4, 16 or 64 KiB; KVM has 64 KiB alone.</param>
/// <param name="Pages">1 to 256.</param>
/// <param name="IsIndirect">The pages hold addresses of pages of entries.</param>
/// <param name="IsValid">GITS_BASER.Valid.</param>
internal readonly record struct ItsTable(ulong Base, int PageBytes, int Pages, bool IsIndirect, bool IsValid)
{
    public const int EntryBytes = 8;

    public const ulong ValidBit = 1UL << 63;
    private const ulong IndirectBit = 1UL << 62;
    private const ulong PagesMask = 0xFF;
    private const int PageSizeShift = 8;

    /// <summary>Bits 47:12, and 47:16 with 15:12 as bits 51:48 where pages are of 64 KiB.</summary>
    private const ulong SmallPageAddress = 0x0000_FFFF_FFFF_F000;
    private const ulong LargePageAddress = 0x0000_FFFF_FFFF_0000;
    private const ulong HighAddressField = 0xF000;
    private const int HighAddressShift = 36;

    /// <summary>Address of a page of entries: bits 51:12, of which those below a page's size are zero.</summary>
    private const ulong SecondLevelAddress = 0x000F_FFFF_FFFF_F000;

    public int EntriesPerPage => PageBytes / EntryBytes;

    /// <summary>Entries of the first level, which is the only one of a flat table.</summary>
    public int FirstLevelEntries => Pages * EntriesPerPage;

    /// <summary>Entries at most. Where all is indirect there may be more than IDs.</summary>
    public ulong Capacity => (ulong)FirstLevelEntries * (IsIndirect ? (ulong)EntriesPerPage : 1);

    public static ItsTable Of(ulong baser)
    {
        var pageBytes = ((baser >> PageSizeShift) & 3) switch
        {
            0 => 0x1000,
            1 => 0x4000,
            _ => 0x1_0000,
        };
        var address = pageBytes == 0x1_0000
            ? (baser & LargePageAddress) | ((baser & HighAddressField) << HighAddressShift)
            : baser & SmallPageAddress;
        return new ItsTable(address, pageBytes, (int)(baser & PagesMask) + 1, (baser & IndirectBit) != 0, (baser & ValidBit) != 0);
    }

    /// <summary>Where the page of entries is of which a first-level entry says that it is there.</summary>
    public ulong PageOf(ulong firstLevelEntry) => firstLevelEntry & SecondLevelAddress & ~(ulong)(PageBytes - 1);
}
