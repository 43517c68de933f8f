namespace Trapline.Devices.Common;

/// <summary>
/// The detail word of a report about a register access (<see cref="ReportKind.Refused"/>,
/// <see cref="ReportKind.NestedAccess"/>): address in bits 55:0, width in bytes in 62:56, bit 63 set for a write.
/// </summary>
public static class AccessDetail
{
    private const int WidthShift = 56;
    private const int WriteShift = 63;
    private const ulong AddressMask = (1UL << WidthShift) - 1;

    public static ulong Of(ulong address, int size, bool isWrite) =>
        (address & AddressMask) | ((ulong)size << WidthShift) | (isWrite ? 1UL << WriteShift : 0);

    public static ulong AddressOf(ulong detail) => detail & AddressMask;

    public static int SizeOf(ulong detail) => (int)((detail >> WidthShift) & 0x7F);

    public static bool IsWrite(ulong detail) => detail >> WriteShift != 0;
}
