using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Machines.Quirks;

namespace Trapline.Machines.Tests.Quirks;

/// <summary>What shows a quirk of a GIC: steps of the specification's vectors.</summary>
internal static class GicQuirkEffects
{
    private const ulong LevelTwo = 0x4260_0000;
    private const ulong Spi40 = 1UL << 8;

    /// <summary>V-I27, with both LPIs waiting: what vCPU 1 has after MOVALL from 3 to 1.</summary>
    public static object MoveAll(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks).Map().Mask(2, 0).Mask(3, 0);
        _ = bench.Send(GicQuirkBench.Raise(2, 20)).Send(GicQuirkBench.Raise(7, 255)).Send([0x0E, 0, 3UL << 16, 1UL << 16]);
        return bench.Acknowledge(1);
    }

    /// <summary>Another device table, valid as the old one: what vCPU 3 gets of a device of the old one.</summary>
    public static object OtherTable(QuirkSet quirks) =>
        new GicQuirkBench(quirks).Map().Enable(GicQuirkBench.OtherDeviceTable).Send(GicQuirkBench.Raise(2, 20)).Acknowledge(3);

    /// <summary>V-M08.</summary>
    public static object EntryAfterUnmap(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks).Map();
        _ = bench.Control(GicAttributes.ControlSaveTables);
        _ = bench.Send(GicQuirkBench.MapDevice(7, valid: false));
        return bench[GicQuirkBench.DeviceTable + 0x38];
    }

    /// <summary>V-M17.</summary>
    public static object SaveUnreachable(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks);
        bench[GicQuirkBench.DeviceTable] = LevelTwo | (1UL << 63);
        bench[GicQuirkBench.DeviceTable + 8] = (LevelTwo + 0x1_0000) | (1UL << 63);
        _ = bench.Enable(indirect: true).Send(GicQuirkBench.MapDevice(0)).Send(GicQuirkBench.MapDevice(8193));
        bench[GicQuirkBench.DeviceTable + 8] = 0;
        return bench.Control(GicAttributes.ControlSaveTables);
    }

    /// <summary>V-M10f.</summary>
    public static object RestoreWide(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks).Map();
        _ = bench.Control(GicAttributes.ControlSaveTables);
        _ = bench.Control(GicAttributes.ControlReset);
        bench[GicQuirkBench.DeviceTable + 0x10] |= 0x1F;
        bench[GicQuirkBench.Table(2) + (20 * 8)] &= 0x0000_FFFF_FFFF_FFFF;
        bench.Gic.Write(GicSpace.Its, 0, 0x100, 8, GicQuirkBench.DeviceTable | (1UL << 63));
        bench.Gic.Write(GicSpace.Its, 0, 0x108, 8, GicQuirkBench.CollectionTable | (1UL << 63));
        return bench.Control(GicAttributes.ControlRestoreTables);
    }

    /// <summary>V-M21.</summary>
    public static object Revision(QuirkSet quirks)
    {
        var gic = new GicQuirkBench(quirks).Gic;
        _ = gic.SetAttribute(GicAttributes.DistributorRegisters, 8, 0x4B00_243B);
        return gic.Read(GicSpace.Distributor, 0, 8, 4);
    }

    /// <summary>SPI 40 is acknowledged by vCPU 0 and ended by DIR of vCPU 1.</summary>
    public static object ActiveAfterDirect(QuirkSet quirks)
    {
        var gic = new GicQuirkBench(quirks).Gic;
        gic.Write(GicSpace.Distributor, 0, 0xC08, 4, 0x2_0000);
        gic.Write(GicSpace.Distributor, 0, 0x104, 4, Spi40);
        gic.WriteSystem(0, IccRegister.Ctlr, 2);
        gic.WriteSystem(1, IccRegister.Ctlr, 2);
        _ = gic.DriveSpi(40, true);
        _ = gic.ReadSystem(0, IccRegister.Iar1);
        gic.WriteSystem(0, IccRegister.Eoir1, 40);
        gic.WriteSystem(1, IccRegister.Dir, 40);
        return (gic.Read(GicSpace.Distributor, 0, 0x304, 4) & Spi40) != 0;
    }

    /// <summary>Ids 0, 3, 1, 2: which index MAPC means by 3.</summary>
    public static object TargetOfThree(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks, 0, 3, 1, 2).Map().Send(GicQuirkBench.Raise(2, 20));
        return Enumerable.Range(0, 4).Single(bench.Gic.IrqLine);
    }

    /// <summary>LPI 8195 waits at vCPU 3, whose LPIs go off, and on with a table said to be empty.</summary>
    public static object AfterDisable(QuirkSet quirks)
    {
        var bench = new GicQuirkBench(quirks).Map().Mask(3, 0).Send(GicQuirkBench.Raise(2, 20));
        bench.Gic.Write(GicSpace.Redistributor, 3, 0, 4, 0);
        bench.Gic.Write(GicSpace.Redistributor, 3, 0x78, 8, 0x4253_0000 | (1UL << 62));
        bench.Gic.Write(GicSpace.Redistributor, 3, 0, 4, 1);
        return bench.Mask(3, 0xF0).Acknowledge(3);
    }
}
