namespace Trapline.Devices.LoongArch.PchPic;

/// <summary>
/// Offsets of the registers of PCH-PIC, the interrupt controller of the 7A1000 bridge (Loongson 7A1000 manual, chapter on
/// interrupts; Linux arch/loongarch/include/asm/kvm_pch_pic.h). Each has 64 bits, one a pin, but for the two tables,
/// which have one byte a pin.
/// </summary>
public static class PchPicRegisters
{
    public const int IntId = 0x000;
    public const int IntMask = 0x020;
    public const int HtmsiEnable = 0x040;
    public const int Edge = 0x060;
    public const int Clear = 0x080;
    public const int AutoControl0 = 0x0C0;
    public const int AutoControl1 = 0x0E0;
    public const int RouteEntry = 0x100;
    public const int RouteEntryEnd = RouteEntry + PchPic.Pins;
    public const int HtmsiVector = 0x200;
    public const int HtmsiVectorEnd = HtmsiVector + PchPic.Pins;
    public const int IntIrr = 0x380;
    public const int IntIsr = 0x3A0;
    public const int Polarity = 0x3E0;

    private static readonly string[] Names = BuildNames();

    /// <summary>Whether a byte belongs to one of the two tables of bytes.</summary>
    public static bool IsTable(int offset) =>
        offset is (>= RouteEntry and < RouteEntryEnd) or (>= HtmsiVector and < HtmsiVectorEnd);

    /// <summary>
    /// The manual's name of the register that holds a byte; a table's byte with its pin: <c>HTMSI_VECTOR[3]</c>. Offsets
    /// without a register are written <c>+0x300</c>. Allocates nothing.
    /// </summary>
    /// <param name="offset">From the base; only the low twelve bits count, as they do for QEMU.</param>
    public static string NameOf(ulong offset) => Names[offset & (PchPic.LargestWindow - 1)];

    private static string[] BuildNames()
    {
        var names = new string[PchPic.LargestWindow];
        for (var offset = 0; offset < names.Length; offset++)
        {
            names[offset] = (offset & ~7) switch
            {
                IntId => "INT_ID",
                IntMask => "INT_MASK",
                HtmsiEnable => "HTMSI_EN",
                Edge => "EDGE",
                Clear => "CLEAR",
                AutoControl0 => "AUTO_CTRL0",
                AutoControl1 => "AUTO_CTRL1",
                >= RouteEntry and < RouteEntryEnd => $"ROUTE_ENTRY[{offset - RouteEntry}]",
                >= HtmsiVector and < HtmsiVectorEnd => $"HTMSI_VECTOR[{offset - HtmsiVector}]",
                IntIrr => "INT_IRR",
                IntIsr => "INT_ISR",
                Polarity => "POLARITY",
                _ => $"+0x{offset:x}",
            };
        }

        return names;
    }
}
