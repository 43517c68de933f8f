namespace Trapline.Devices.Arm.Cpu;

/// <summary>Offsets in the SGI frame of a redistributor (spec gicv3-its 4.7). Without a note a register has 32 bits and no other width.</summary>
public static class SgiFrameRegisters
{
    /// <summary>Bytes of the frame.</summary>
    public const ulong Size = 0x10000;

    /// <summary>The SGI frame follows the RD frame.</summary>
    public const ulong Offset = 0x10000;

    public const ulong Group = 0x0080;
    public const ulong SetEnable = 0x0100;
    public const ulong ClearEnable = 0x0180;
    public const ulong SetPending = 0x0200;
    public const ulong ClearPending = 0x0280;
    public const ulong SetActive = 0x0300;
    public const ulong ClearActive = 0x0380;

    /// <summary>One byte an INTID, by bytes or words.</summary>
    public const ulong Priority = 0x0400;
    public const ulong PriorityEnd = 0x0420;

    /// <summary>Of SGIs: read-only.</summary>
    public const ulong SgiConfiguration = 0x0C00;
    public const ulong PpiConfiguration = 0x0C04;

    /// <summary>RAZ/WI, for there is but one security state.</summary>
    public const ulong GroupModifier = 0x0D00;
    public const ulong NonSecureAccess = 0x0E00;
}
