namespace Trapline.Devices.Arm.Gic;

/// <summary>Numbers of the device files of GICv3 and ITS (spec gicv3-its 9.1).</summary>
public static class GicAttributes
{
    /// <summary>Groups.</summary>
    public const uint Address = 0;
    public const uint DistributorRegisters = 1;
    public const uint InterruptCount = 3;
    public const uint Control = 4;
    public const uint RedistributorRegisters = 5;
    public const uint CpuRegisters = 6;
    public const uint LevelInfo = 7;
    public const uint ItsRegisters = 8;

    /// <summary>Attributes of <see cref="Address"/>.</summary>
    public const ulong AddressDistributor = 2;
    public const ulong AddressRedistributor = 3;
    public const ulong AddressIts = 4;
    public const ulong AddressRedistributorRegion = 5;

    /// <summary>Attributes of <see cref="Control"/>.</summary>
    public const ulong ControlInitialize = 0;
    public const ulong ControlSaveTables = 1;
    public const ulong ControlRestoreTables = 2;
    public const ulong ControlSavePending = 3;
    public const ulong ControlReset = 4;

    /// <summary>Where registers of a redistributor and of a CPU, and levels, have the affinity: Aff3.Aff2.Aff1.Aff0.</summary>
    public const int AffinityShift = 32;

    /// <summary>Of <see cref="LevelInfo"/>: what kind of level, and the first INTID of 32.</summary>
    public const int LevelKindShift = 10;
    public const ulong LevelKindMask = 0x3F_FFFF;
    public const ulong LevelInterruptMask = 0x3FF;

    /// <summary>An attribute that names a register of a redistributor, the SGI frame behind the RD frame.</summary>
    public static ulong OfRedistributor(int vcpuId, uint offset) => ((ulong)CpuAffinity.Of(vcpuId) << AffinityShift) | offset;

    /// <summary>The wires of 32 INTIDs; those of private ones are the vCPU's.</summary>
    public static ulong OfLevels(int vcpuId, int firstInterrupt) => ((ulong)CpuAffinity.Of(vcpuId) << AffinityShift) | (uint)firstInterrupt;
}
