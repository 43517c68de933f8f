using Trapline.Devices.Common.Profiles;

namespace Trapline.Devices.Arm.Profiles;

/// <summary>
/// The differences between implementations of GICv3 and ITS, each switched in one place. The default is Linux KVM of mid-2026
/// (spec gicv3-its, untagged and [HEAD]); what QEMU does otherwise is in its sections 12.5 and the notes of the recordings.
/// </summary>
public sealed record GicProfile : IProfile
{
    /// <summary>As <c>profile:</c> and <c>--profile</c> name it.</summary>
    public required string Name { get; init; }

    // --- storage

    /// <summary>
    /// QEMU: device, collection and interrupt translation tables and the pending tables in guest memory are the state, read and written by
    /// each command, message and acknowledge; the property byte of an LPI is read whenever it becomes pending or the pending table is searched.
    /// KVM keeps lists and touches memory when it is told to save or restore, and property bytes at MAPTI, INV and INVALL.
    /// </summary>
    public bool TablesAreState { get; init; }

    // --- identification

    /// <summary>Low 12 bits and product of GICD_IIDR, GICR_IIDR and GITS_IIDR, without the revision.</summary>
    public uint ImplementerId { get; init; } = 0x4B00_043B;

    /// <summary>Revision of GICD_IIDR after creation (spec 3.5); QEMU has none.</summary>
    public int Revision { get; init; } = 3;

    /// <summary>PIDR4, PIDR0, PIDR1 and CIDR of distributor and redistributors can be read; KVM has PIDR2 alone there.</summary>
    public bool FullIdentification { get; init; }

    /// <summary>GICD_TYPER.A3V and No1N are 1. (That ITLinesNumber counts SPIs alone is QEMU 7.2's; 11 counts all.)</summary>
    public bool TyperHasAffinity3 { get; init; }

    /// <summary>GICD_TYPER.IDbits is 16 bits without an ITS too.</summary>
    public bool AlwaysWideIds { get; init; }

    /// <summary>GICD_STATUSR reads all ones.</summary>
    public bool StatusReadsOnes { get; init; } = true;

    /// <summary>GICR_TYPER.CommonLPIAff is 1.</summary>
    public bool CommonLpiAffinity { get; init; }

    /// <summary>GITS_TYPER.</summary>
    public ulong ItsTyper { get; init; } = 0x0000_0000_0001_EF71;

    // --- distributor and redistributor

    /// <summary>GICD_CTLR bit 0 is an enable of group 0 of its own; in KVM bit 1 enables both.</summary>
    public bool SeparateGroupEnables { get; init; }

    /// <summary>IGROUPR of all at reset; KVM has everything in group 1.</summary>
    public bool ResetsToGroup1 { get; init; } = true;

    /// <summary>SGIs are enabled at reset.</summary>
    public bool SgisEnabledAtReset { get; init; } = true;

    /// <summary>ICFGR1 of PPIs can be written.</summary>
    public bool PpiConfigWritable { get; init; }

    /// <summary>Which bits of an IPRIORITYR byte are kept; arbitration sees them all.</summary>
    public byte PriorityMask { get; init; } = 0xF8;

    /// <summary>An interrupt of priority 0xFF is never the highest pending one.</summary>
    public bool LowestPriorityNeverPending { get; init; }

    /// <summary>Which bits of IROUTER are kept: KVM 23:0.</summary>
    public ulong RouterMask { get; init; } = 0x00FF_FFFF;

    /// <summary>IROUTER with bit 31 set goes to CPU 0 (QEMU 11); otherwise the bit has no effect.</summary>
    public bool OneOfManyGoesToCpu0 { get; init; }

    /// <summary>
    /// The wire of an edge-triggered SPI has a level, and its rise is the edge; in KVM each call that says "high" is an edge, and
    /// the level is not kept (spec 1.3).
    /// </summary>
    public bool EdgeWireHasLevel { get; init; }

    /// <summary>GICR_WAKER: ProcessorSleep can be written, ChildrenAsleep follows; both set at reset. In KVM it is RAZ/WI.</summary>
    public bool HasWaker { get; init; }

    /// <summary>GICR_CTLR.IR: INVLPIR, INVALLR, SYNCR are there (with a revision of 3).</summary>
    public bool HasInvalidateRegisters { get; init; } = true;

    /// <summary>GICR_CTLR.CES is 1 whatever the revision, if there are LPIs.</summary>
    public bool AlwaysClearableEnable { get; init; }

    /// <summary>PROPBASER and PENDBASER are kept as written, each CPU its own, writable at any time, PTZ readable and ignored.</summary>
    public bool RawLpiTableRegisters { get; init; }

    // --- LPIs and ITS

    /// <summary>Which bits of a property byte are the priority in arbitration. Spec 1.5: 0xF8 for both.</summary>
    public byte LpiPriorityMask { get; init; } = 0xF8;

    /// <summary>GICR_CTLR.EnableLPIs 1 to 0 clears the latches of the CPU's LPIs (spec 4.3, B33).</summary>
    public bool DisableClearsLatches { get; init; } = true;

    /// <summary>GITS_CBASER, CWRITER, BASER are kept as written but for read-only fields; CBASER resets CREADR alone; pages of 4, 16, 64 KiB.</summary>
    public bool RawItsRegisters { get; init; }

    /// <summary>GITS_CTLR is enabled only with valid CBASER and BASERs.</summary>
    public bool EnableNeedsValidTables { get; init; } = true;

    /// <summary>GITS_CTLR.Quiescent is constantly 1.</summary>
    public bool AlwaysQuiescent { get; init; }

    /// <summary>CREADR can be written by the guest.</summary>
    public bool ReadPointerWritable { get; init; }

    /// <summary>GITS_TRANSLATER is a register: a store to it is a message of device 0, and the only doorbell. KVM takes messages at any address of an ITS, and no stores.</summary>
    public bool TranslaterIsRegister { get; init; }

    /// <summary>MOVALL moves every LPI of the VM, whatever its target (B24, Linux 6.10 and later).</summary>
    public bool MoveAllIgnoresSource { get; init; }

    /// <summary>Devices and collections go with a change of BASER only if Valid is cleared (late 2017 to 2026, B5).</summary>
    public bool BaserDropsOnlyWhenInvalid { get; init; }

    /// <summary>MAPD V=0 and DISCARD leave the entries in memory as they are (before Linux 6.13, B25).</summary>
    public bool UnmapLeavesMemory { get; init; }

    /// <summary>SAVE_TABLES fails for a device that its table can no longer hold (B30).</summary>
    public bool SaveFailsOnUnreachable { get; init; }

    /// <summary>RESTORE_TABLES takes a device with more than 16 event bits (B31).</summary>
    public bool RestoreTakesWideDevices { get; init; }

    /// <summary>A write of GICD_IIDR from user space checks the revision that is, not the one to be, and so changes nothing (B28).</summary>
    public bool RevisionWriteIgnored { get; init; }

    // --- CPU interface

    /// <summary>ICC_CTLR_EL1 without CBPR and EOImode: A3V, IDbits, PRIbits of the host.</summary>
    public uint CpuControl { get; init; } = 0x8C00;

    /// <summary>SGI1R does not generate an SGI that is configured as group 0 (QEMU).</summary>
    public bool Sgi1RefusesGroup0 { get; init; }

    /// <summary>
    /// IGRPEN is looked at once the most urgent pending interrupt of both groups is found: one of a group that is off hides those of the
    /// other (QEMU). In KVM groups that are off do not take part.
    /// </summary>
    public bool DisabledGroupHidesOthers { get; init; }

    /// <summary>The running priority is cut to the group priority of the interrupt that would preempt it (QEMU); seen after a change of BPR alone.</summary>
    public bool RunningPriorityIsMasked { get; init; }

    /// <summary>With CBPR a BPR0 of 7 leaves group 1 no bits of group priority, as it does group 0 (QEMU); otherwise BPR1 is cut to 7 first, which leaves one.</summary>
    public bool CommonPointLeavesNoBits { get; init; }

    /// <summary>EOIR deactivates an interrupt that is not the one whose priority it drops, ends none that the machine has not, and drops a priority of its own group alone (QEMU).</summary>
    public bool EndDeactivatesAny { get; init; }

    /// <summary>DIR deactivates an SPI that is active on another vCPU (KVM since late 2025, B27).</summary>
    public bool DirectReachesOtherCpus { get; init; } = true;

    /// <summary>A vCPU is looked up by creation order where its id is meant (B22: collection targets; B23: broadcast).</summary>
    public bool TargetsByIndex { get; init; }
}
