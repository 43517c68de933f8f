using Trapline.Devices.Common.Profiles;

namespace Trapline.Devices.Arm.Profiles;

/// <summary>
/// The table of differences between implementations of GICv3 and ITS: a row for each switch of <see cref="GicProfile"/>. Rows <c>B</c>
/// are defects in the specification's list (section 11); rows <c>G</c> differences that its section 12.5 and the recordings tell.
/// </summary>
public static class GicProfileRows
{
    public static IReadOnlyList<ProfileRow<GicProfile>> All { get; } =
    [
        new("G1", "tables in guest memory are the state, property bytes are read when an LPI becomes pending", p => p.TablesAreState, (a, b) => a with { TablesAreState = b.TablesAreState }),
        new("G2", "implementer in the IIDRs", p => p.ImplementerId, (a, b) => a with { ImplementerId = b.ImplementerId }),
        new("G3", "revision in GICD_IIDR", p => p.Revision, (a, b) => a with { Revision = b.Revision }),
        new("G4", "PIDR and CIDR registers are all there", p => p.FullIdentification, (a, b) => a with { FullIdentification = b.FullIdentification }),
        new("G5", "GICD_TYPER.A3V and No1N are 1", p => p.TyperHasAffinity3, (a, b) => a with { TyperHasAffinity3 = b.TyperHasAffinity3 }),
        new("G29", "GICD_TYPER.IDbits is 15 without an ITS too", p => p.AlwaysWideIds, (a, b) => a with { AlwaysWideIds = b.AlwaysWideIds }),
        new("G6", "GICD_STATUSR reads all ones", p => p.StatusReadsOnes, (a, b) => a with { StatusReadsOnes = b.StatusReadsOnes }),
        new("G7", "GICR_TYPER.CommonLPIAff is 1", p => p.CommonLpiAffinity, (a, b) => a with { CommonLpiAffinity = b.CommonLpiAffinity }),
        new("G8", "GITS_TYPER", p => p.ItsTyper, (a, b) => a with { ItsTyper = b.ItsTyper }),
        new("G9", "group 0 has an enable of its own in GICD_CTLR", p => p.SeparateGroupEnables, (a, b) => a with { SeparateGroupEnables = b.SeparateGroupEnables }),
        new("G10", "interrupts are in group 1 after reset", p => p.ResetsToGroup1, (a, b) => a with { ResetsToGroup1 = b.ResetsToGroup1 }),
        new("G11", "SGIs are enabled after reset", p => p.SgisEnabledAtReset, (a, b) => a with { SgisEnabledAtReset = b.SgisEnabledAtReset }),
        new("G12", "ICFGR of PPIs can be written", p => p.PpiConfigWritable, (a, b) => a with { PpiConfigWritable = b.PpiConfigWritable }),
        new("G13", "bits of IPRIORITYR", p => p.PriorityMask, (a, b) => a with { PriorityMask = b.PriorityMask }),
        new("G14", "priority 0xff is never pending", p => p.LowestPriorityNeverPending, (a, b) => a with { LowestPriorityNeverPending = b.LowestPriorityNeverPending }),
        new("G15", "bits of IROUTER", p => p.RouterMask, (a, b) => a with { RouterMask = b.RouterMask }),
        new("G16", "1-of-N routing goes to CPU 0", p => p.OneOfManyGoesToCpu0, (a, b) => a with { OneOfManyGoesToCpu0 = b.OneOfManyGoesToCpu0 }),
        new("G17", "GICR_WAKER is there", p => p.HasWaker, (a, b) => a with { HasWaker = b.HasWaker }),
        new("G18", "INVLPIR, INVALLR and SYNCR are there", p => p.HasInvalidateRegisters, (a, b) => a with { HasInvalidateRegisters = b.HasInvalidateRegisters }),
        new("G19", "PROPBASER and PENDBASER are kept as written, each CPU's own", p => p.RawLpiTableRegisters, (a, b) => a with { RawLpiTableRegisters = b.RawLpiTableRegisters }),
        new("G21", "bits of a property byte that are priority", p => p.LpiPriorityMask, (a, b) => a with { LpiPriorityMask = b.LpiPriorityMask }),
        new("B33", "clearing EnableLPIs clears the latches", p => p.DisableClearsLatches, (a, b) => a with { DisableClearsLatches = b.DisableClearsLatches }),
        new("G22", "CBASER, CWRITER and BASER are kept as written", p => p.RawItsRegisters, (a, b) => a with { RawItsRegisters = b.RawItsRegisters }),
        new("G23", "the ITS is enabled with valid tables alone", p => p.EnableNeedsValidTables, (a, b) => a with { EnableNeedsValidTables = b.EnableNeedsValidTables }),
        new("G24", "GITS_CTLR.Quiescent is always 1", p => p.AlwaysQuiescent, (a, b) => a with { AlwaysQuiescent = b.AlwaysQuiescent }),
        new("G25", "GITS_CREADR can be written", p => p.ReadPointerWritable, (a, b) => a with { ReadPointerWritable = b.ReadPointerWritable }),
        new("B24", "MOVALL moves the LPIs of all CPUs", p => p.MoveAllIgnoresSource, (a, b) => a with { MoveAllIgnoresSource = b.MoveAllIgnoresSource }),
        new("B5", "a change of BASER drops mappings only without Valid", p => p.BaserDropsOnlyWhenInvalid, (a, b) => a with { BaserDropsOnlyWhenInvalid = b.BaserDropsOnlyWhenInvalid }),
        new("B25", "MAPD V=0 and DISCARD leave memory as it is", p => p.UnmapLeavesMemory, (a, b) => a with { UnmapLeavesMemory = b.UnmapLeavesMemory }),
        new("B30", "a device that its table cannot hold makes saving fail", p => p.SaveFailsOnUnreachable, (a, b) => a with { SaveFailsOnUnreachable = b.SaveFailsOnUnreachable }),
        new("B31", "devices of more than 16 event bits are restored", p => p.RestoreTakesWideDevices, (a, b) => a with { RestoreTakesWideDevices = b.RestoreTakesWideDevices }),
        new("B28", "the revision cannot be written", p => p.RevisionWriteIgnored, (a, b) => a with { RevisionWriteIgnored = b.RevisionWriteIgnored }),
        new("G26", "ICC_CTLR_EL1", p => p.CpuControl, (a, b) => a with { CpuControl = b.CpuControl }),
        new("G27", "SGI1R generates no SGI of group 0", p => p.Sgi1RefusesGroup0, (a, b) => a with { Sgi1RefusesGroup0 = b.Sgi1RefusesGroup0 }),
        new("G28", "EOIR deactivates another interrupt than it drops", p => p.EndDeactivatesAny, (a, b) => a with { EndDeactivatesAny = b.EndDeactivatesAny }),
        new("B27", "DIR deactivates an SPI of another CPU", p => p.DirectReachesOtherCpus, (a, b) => a with { DirectReachesOtherCpus = b.DirectReachesOtherCpus }),
        new("B22", "CPUs are named by index, not by id", p => p.TargetsByIndex, (a, b) => a with { TargetsByIndex = b.TargetsByIndex }),
        new("G34", "GITS_TRANSLATER is a register that a CPU can write", p => p.TranslaterIsRegister, (a, b) => a with { TranslaterIsRegister = b.TranslaterIsRegister }),
        new("G30", "a group that is off hides the other", p => p.DisabledGroupHidesOthers, (a, b) => a with { DisabledGroupHidesOthers = b.DisabledGroupHidesOthers }),
        new("G31", "the running priority is cut to the group priority", p => p.RunningPriorityIsMasked, (a, b) => a with { RunningPriorityIsMasked = b.RunningPriorityIsMasked }),
        new("G20", "CBPR with BPR0 = 7 leaves no bits of group priority", p => p.CommonPointLeavesNoBits, (a, b) => a with { CommonPointLeavesNoBits = b.CommonPointLeavesNoBits }),
        new("G32", "the wire of an edge-triggered SPI has a level", p => p.EdgeWireHasLevel, (a, b) => a with { EdgeWireHasLevel = b.EdgeWireHasLevel }),
        new("G33", "GICR_CTLR.CES is 1 where there are LPIs", p => p.AlwaysClearableEnable, (a, b) => a with { AlwaysClearableEnable = b.AlwaysClearableEnable }),
    ];

    /// <summary>The rows in which two profiles differ.</summary>
    public static IEnumerable<ProfileRow<GicProfile>> Between(GicProfile a, GicProfile b) =>
        All.Where(row => !row.Value(a).Equals(row.Value(b)));
}
