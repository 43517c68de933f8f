namespace Trapline.Devices.Arm.Gic;

/// <summary>What a GIC is built of. The vCPUs stay; regions and ITSs may be added by user space, which may also want another number of SPIs.</summary>
/// <param name="VcpuIds">The id of each vCPU by index, the order of creation. At most <see cref="CpuAffinity.MaximumVcpus"/>, their ids as in <see cref="Cpu.VcpuIds"/>.</param>
/// <param name="Interrupts">INTIDs of the distributor with the 32 private ones: a multiple of 32, 64 to 992 (spec 1.1).</param>
/// <param name="Regions">Where the redistributors are; none while user space has not placed any.</param>
/// <param name="ItsBases">An ITS for each, at this guest physical address.</param>
public sealed record GicTopology(
    IReadOnlyList<int> VcpuIds,
    int Interrupts,
    IReadOnlyList<RedistributorRegion> Regions,
    IReadOnlyList<ulong> ItsBases)
{
    /// <summary>KVM's if user space does not say.</summary>
    public const int DefaultInterrupts = 256;

    public const int MinimumInterrupts = 64;

    /// <summary>INTIDs of the distributor of QEMU's virt, with the private ones.</summary>
    public const int StandardInterrupts = InterruptIds.FirstSpi + DefaultInterrupts;

    /// <summary>Redistributors that are below 4 GiB in QEMU's virt.</summary>
    public const int LowRedistributors = 123;

    /// <summary>Control and translation frame.</summary>
    public const ulong ItsBytes = 0x20000;

    /// <summary>
    /// The distributor says that it has the non-maskable interrupts of GICv3.3, as QEMU's does for a CPU with FEAT_NMI. That is all: INMIR is RAZ/WI, no
    /// interrupt can be made one.
    /// </summary>
    public bool HasUnmaskable { get; init; }

    /// <summary>The machine of the spec's examples (0.3) and of QEMU's virt: ids from 0, 256 SPIs, one ITS.</summary>
    public static GicTopology Standard(int vcpus, bool hasIts = true) => new(
        [.. Enumerable.Range(0, vcpus)],
        StandardInterrupts,
        vcpus <= LowRedistributors
            ? [new RedistributorRegion(0x080A_0000, vcpus, HasExplicitCount: false)]
            : [new RedistributorRegion(0x080A_0000, LowRedistributors, HasExplicitCount: true), new RedistributorRegion(0x40_0000_0000, vcpus - LowRedistributors, HasExplicitCount: true)],
        hasIts ? [0x0808_0000] : []);

    /// <summary>Whether a distributor can have so many INTIDs, the private ones included.</summary>
    public static bool IsInterruptCount(long interrupts) =>
        interrupts is >= MinimumInterrupts and <= InterruptIds.MaximumDistributed && interrupts % InterruptIds.PrivateCount == 0;

    /// <summary>Says what is wrong with it, or does nothing.</summary>
    internal void Check()
    {
        if (!IsInterruptCount(Interrupts))
        {
            throw new ArgumentException($"{Interrupts} INTIDs: a distributor has {MinimumInterrupts} to {InterruptIds.MaximumDistributed}, a multiple of 32", nameof(Interrupts));
        }

        if (ItsBases.Count > Its.ItsGroup.Maximum)
        {
            throw new ArgumentException($"{ItsBases.Count} ITSs: at most {Its.ItsGroup.Maximum}", nameof(ItsBases));
        }
    }
}
