namespace Trapline.Devices.Arm;

/// <summary>The affinity of a vCPU: 16 vCPUs share an Aff1, so that each can be reached by the 16-bit list of an SGI (spec gicv3-its 2.6).</summary>
public static class CpuAffinity
{
    /// <summary>Most vCPUs of a machine with GICv3.</summary>
    public const int MaximumVcpus = 512;

    private const int Level1Shift = 8;

    /// <summary>Bit 31 of MPIDR_EL1 is RES1.</summary>
    private const ulong Reserved1 = 1UL << 31;

    /// <summary>Aff2.Aff1.Aff0 as in IROUTER and in bits 23:0 of MPIDR_EL1: id[3:0], id[11:4], id[19:12].</summary>
    public static uint Of(int id) => (uint)(id & 0xF) | (((uint)id >> 4) << Level1Shift);

    public static ulong MpidrOf(int id) => Reserved1 | Of(id);
}
