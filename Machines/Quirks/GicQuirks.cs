namespace Trapline.Machines.Quirks;

/// <summary>Bugs of KVM's GICv3 and ITS.</summary>
internal static class GicQuirks
{
    public static IReadOnlyList<Quirk> All { get; } =
    [
        new(
            "movall-moves-all", "B24", "B24",
            "MOVALL moves every LPI of the VM, not those of the source alone.",
            "Linux 6.10", "not mended",
            "LPIs of vCPUs that the guest did not name arrive at the target.",
            "vector V-I27: LPI 8196")
        { Gic = profile => profile with { MoveAllIgnoresSource = true } },
        new(
            "baser-drops-when-invalid", "B5", "B5",
            "Another GITS_BASER drops devices and collections only where it clears Valid.",
            "Linux 4.15", "Linux 7.0",
            "After a guest has started anew with other tables, devices of the old one are still mapped.",
            "vectors V-R08 and V-M16")
        { Gic = profile => profile with { BaserDropsOnlyWhenInvalid = true } },
        new(
            "unmap-leaves-memory", "B25", "B25",
            "MAPD with V=0 and DISCARD leave the entries in guest memory as the last save wrote them.",
            "Linux 4.13", "Linux 6.13",
            "A later restore finds devices and events that the guest had unmapped, and may fail with EINVAL.",
            "vectors V-M08 and V-M09: the tables in memory")
        { Gic = profile => profile with { UnmapLeavesMemory = true } },
        new(
            "save-fails-on-unreachable", "B30", "B30",
            "SAVE_TABLES fails for a device that the guest's table can no longer hold.",
            "Linux 4.13", "Linux 7.0",
            "The guest can keep its VM from being migrated.",
            "vector V-M17: the result of SAVE_TABLES")
        { Gic = profile => profile with { SaveFailsOnUnreachable = true } },
        new(
            "restore-takes-wide-devices", "B31", "B31",
            "RESTORE_TABLES takes a device with more than 16 bits of events.",
            "Linux 4.13", "Linux 7.0",
            "It succeeds, where it must be EINVAL.",
            "vector V-M10f")
        { Gic = profile => profile with { RestoreTakesWideDevices = true } },
        new(
            "revision-write-ignored", "B28", "B28",
            "A write of GICD_IIDR by user space checks the revision that is, not the one to be, and changes nothing.",
            "Linux 5.19", "Linux 7.0",
            "A VM that came from an older kernel finds features that it had not.",
            "vector V-M21")
        { Gic = profile => profile with { RevisionWriteIgnored = true } },
        new(
            "dir-of-other-cpu-lost", "B27", "B27",
            "DIR of an SPI that is active on another vCPU does nothing.",
            "first KVM", "Linux 6.19",
            "The SPI stays active, and never comes again.",
            "a second interrupt of an SPI that one vCPU has acknowledged and another deactivates")
        { Gic = profile => profile with { DirectReachesOtherCpus = false } },
        new(
            "targets-by-index", "B22", "B22, B23",
            "The number of a vCPU in MAPC, and the sender of an SGI to all others, are taken for the order of creation and not for the id.",
            "Linux 4.7", "Linux 6.7",
            "Where ids are not in the order of creation, LPIs go to other vCPUs, and a broadcast reaches its sender and misses another.",
            "vCPUs created in the order 0, 3, 1, 2")
        { Gic = profile => profile with { TargetsByIndex = true } },
        new(
            "disabled-lpis-stay-pending", "B33", "B33",
            "Clearing GICR_CTLR.EnableLPIs leaves the vCPU's LPIs pending. (From a secondary source.)",
            "Linux 4.8", "Linux 7.0",
            "An LPI from before the vCPU switched them off arrives after it has switched them on with an empty table.",
            "LPIs pending, EnableLPIs 1, 0, 1 with PTZ=1")
        { Gic = profile => profile with { DisableClearsLatches = false } },
    ];
}
