namespace Trapline.Devices.Arm.Registers;

/// <summary>The registers of a GICv3 and its ITS by name, for people: reports, traces, comparisons (spec gicv3-its 3.2, 4.1, 4.7, 6).</summary>
public static class GicRegisters
{
    private const int Word = 4;
    private const int Double = 8;

    /// <summary>Of the SGI frame, from the RD frame's first byte.</summary>
    private const int SgiFrame = 0x10000;

    private static readonly string[] BitNames = ["IGROUPR", "ISENABLER", "ICENABLER", "ISPENDR", "ICPENDR", "ISACTIVER", "ICACTIVER"];

    /// <summary>The distributor's 64 KiB.</summary>
    public static IReadOnlyList<RegisterBank> Distributor { get; } =
    [
        One(0x0000, "GICD_CTLR"), One(0x0004, "GICD_TYPER"), One(0x0008, "GICD_IIDR"), One(0x000C, "GICD_TYPER2"), One(0x0010, "GICD_STATUSR"),
        .. PerInterrupt("GICD_", 0x80),
        new(0x0400, 0x400, 1, "GICD_IPRIORITYR"), new(0x0800, 0x400, 1, "GICD_ITARGETSR"), new(0x0C00, 0x100, Word, "GICD_ICFGR"),
        new(0x0D00, 0x80, Word, "GICD_IGRPMODR"), new(0x0E00, 0x100, Word, "GICD_NSACR"), new(0x6000, 0x2000, Double, "GICD_IROUTER"),
        .. Identification("GICD_"),
    ];

    /// <summary>Both frames of a redistributor, 128 KiB.</summary>
    public static IReadOnlyList<RegisterBank> Redistributor { get; } =
    [
        One(0x0000, "GICR_CTLR"), One(0x0004, "GICR_IIDR"), Wide(0x0008, "GICR_TYPER"), One(0x0010, "GICR_STATUSR"), One(0x0014, "GICR_WAKER"),
        Wide(0x0070, "GICR_PROPBASER"), Wide(0x0078, "GICR_PENDBASER"), Wide(0x00A0, "GICR_INVLPIR"), Wide(0x00B0, "GICR_INVALLR"), One(0x00C0, "GICR_SYNCR"),
        .. Identification("GICR_"),
        .. PerInterrupt("GICR_", Word).Select(bank => bank with { Offset = SgiFrame + bank.Offset, Name = bank.Name + "0" }),
        new(SgiFrame + 0x0400, 0x20, 1, "GICR_IPRIORITYR"), One(SgiFrame + 0x0C00, "GICR_ICFGR0"), One(SgiFrame + 0x0C04, "GICR_ICFGR1"),
        One(SgiFrame + 0x0D00, "GICR_IGRPMODR0"), One(SgiFrame + 0x0E00, "GICR_NSACR"),
    ];

    /// <summary>Both frames of an ITS, 128 KiB.</summary>
    public static IReadOnlyList<RegisterBank> Its { get; } =
    [
        One(0x0000, "GITS_CTLR"), One(0x0004, "GITS_IIDR"), Wide(0x0008, "GITS_TYPER"), Wide(0x0080, "GITS_CBASER"), Wide(0x0088, "GITS_CWRITER"), Wide(0x0090, "GITS_CREADR"),
        new(0x0100, 8 * Double, Double, "GITS_BASER"), .. Identification("GITS_"), One(0x10040, "GITS_TRANSLATER"),
    ];

    /// <summary>The name of the register at an offset, with its index in an array; null where none is. Not for a hot path.</summary>
    public static string? NameOf(IReadOnlyList<RegisterBank> frame, ulong offset)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.FirstOrDefault(bank => bank.Covers(offset))?.NameOf(offset);
    }

    private static RegisterBank One(int offset, string name) => new(offset, Word, Word, name);

    private static RegisterBank Wide(int offset, string name) => new(offset, Double, Double, name);

    private static RegisterBank[] PerInterrupt(string frame, int bytes) =>
        [.. BitNames.Select((name, place) => new RegisterBank(0x80 * (place + 1), bytes, Word, frame + name))];

    private static RegisterBank[] Identification(string frame) =>
    [
        new(0xFFD0, 4 * Word, 4 * Word, frame + "PIDR4"), new(0xFFE0, 4 * Word, Word, frame + "PIDR"), new(0xFFF0, 4 * Word, Word, frame + "CIDR"),
    ];
}
