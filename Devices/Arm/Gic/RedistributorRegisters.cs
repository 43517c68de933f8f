namespace Trapline.Devices.Arm.Gic;

/// <summary>Offsets in the RD frame of a redistributor (spec gicv3-its 4.1).</summary>
public static class RedistributorRegisters
{
    public const ulong FrameSize = RedistributorRegion.FrameBytes;

    public const int Control = 0x0000;
    public const int Implementer = 0x0004;
    public const int Type = 0x0008;
    public const int Waker = 0x0014;
    public const int PropertyBase = 0x0070;
    public const int PendingBase = 0x0078;
    public const int InvalidateLpi = 0x00A0;
    public const int InvalidateAll = 0x00B0;
    public const int Synchronize = 0x00C0;

    /// <summary>GICR_CTLR.</summary>
    public const uint EnableLpis = 1;
    public const uint ClearableEnable = 1 << 1;
    public const uint HasInvalidate = 1 << 2;

    /// <summary>GICR_TYPER.</summary>
    public const ulong PhysicalLpis = 1;
    public const ulong Last = 1 << 4;
    public const int ProcessorShift = 8;
    public const ulong CommonAffinity = 1 << 24;
    public const int AffinityShift = 32;

    /// <summary>GICR_WAKER.</summary>
    public const uint ProcessorSleep = 1 << 1;
    public const uint ChildrenAsleep = 1 << 2;

    /// <summary>GICR_PENDBASER: the pending table is all zero.</summary>
    public const ulong PendingTableZero = 1UL << 62;

    /// <summary>Where both bases hold an address: bits 51:12, and 51:16.</summary>
    public const ulong PropertyAddress = 0x000F_FFFF_FFFF_F000;
    public const ulong PendingAddress = 0x000F_FFFF_FFFF_0000;

    /// <summary>GICR_PROPBASER: number of INTID bits, less 1.</summary>
    public const ulong PropertyIdBits = 0x1F;
}
