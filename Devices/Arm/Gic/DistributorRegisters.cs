namespace Trapline.Devices.Arm.Gic;

/// <summary>Offsets of the distributor's registers (spec gicv3-its 3.2).</summary>
public static class DistributorRegisters
{
    /// <summary>Bytes that it claims.</summary>
    public const ulong WindowSize = 0x10000;

    public const int Control = 0x0000;
    public const int Type = 0x0004;
    public const int Implementer = 0x0008;
    public const int Type2 = 0x000C;
    public const int Status = 0x0010;

    /// <summary>The first of the arrays with a bit for each INTID, <see cref="BitArrayBytes"/> each.</summary>
    public const int Group = 0x0080;
    public const int SetEnable = 0x0100;
    public const int ClearEnable = 0x0180;
    public const int SetPending = 0x0200;
    public const int ClearPending = 0x0280;
    public const int SetActive = 0x0300;
    public const int ClearActive = 0x0380;
    public const int BitArrayBytes = 0x80;

    /// <summary>A byte for each INTID.</summary>
    public const int Priority = 0x0400;
    public const int PriorityEnd = 0x0800;

    /// <summary>Two bits for each INTID, of which the upper says edge-triggered.</summary>
    public const int Config = 0x0C00;
    public const int ConfigEnd = 0x0D00;

    /// <summary>Behind IGRPMODR, which is a bit for each INTID and reads 0: two bits for each, not there in KVM.</summary>
    public const int NonSecureAccess = 0x0E00;

    /// <summary>Eight bytes for each INTID.</summary>
    public const int Router = 0x6000;
    public const int RouterEnd = 0x8000;

    /// <summary>GICD_CTLR: enables; affinity routing and a single security state are constants.</summary>
    public const uint EnableGroup0 = 1;
    public const uint EnableGroup1 = 2;
    public const uint AffinityRouting = 1 << 4;
    public const uint OneSecurityState = 1 << 6;

    /// <summary>GICD_TYPER: IDbits - 1, by whether there are LPIs; LPIS; QEMU's No1N and A3V.</summary>
    public const int TypeIdBitsShift = 19;
    public const uint TypeLpis = 1 << 17;
    public const uint TypeAffinity3 = 1 << 24;
    public const uint TypeNoOneOfMany = 1 << 25;
    public const uint TypeUnmaskable = 1 << 9;

    /// <summary>GICD_IIDR: the revision.</summary>
    public const int RevisionShift = 12;
    public const uint RevisionField = 0xF << RevisionShift;
}
