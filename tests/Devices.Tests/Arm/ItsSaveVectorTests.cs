using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-M01 to V-M24 of spec gicv3-its that are of ITSs and LPIs alone; V-M19 and those of addresses are the VM's.</summary>
public sealed class ItsSaveVectorTests
{
    private const ulong First = 0x4230_0000;
    private const ulong Second = 0x4230_1000;
    private const ulong Poison = 0xDEAD_BEEF_DEAD_BEEF;

    [Fact]
    public void V_M01_tables_are_saved()
    {
        var bench = new ItsBench().MapForSave();
        var before = new GuestRam();
        before.CopyFrom(bench.Ram);
        Assert.Equal(0, bench.SaveTables());
        Assert.Equal(0x800A_0000_0846_0007, bench.Ram[DeviceTable + 0x10]);
        Assert.Equal(0x8000_0000_0846_0207, bench.Ram[DeviceTable + 0x38]);
        Assert.Equal(0x0000_0000_2003_0003UL, bench.Ram[First + 0xA0]);
        Assert.Equal(0x0000_0000_2004_0002UL, bench.Ram[Second + 0x7F8]);
        Assert.Equal([0x8000_0000_0003_0003, 0x8000_0000_0002_0002, 0], Collections(bench, 3));
        Assert.Equal(
            [DeviceTable + 0x10, DeviceTable + 0x38, CollectionTable, CollectionTable + 8, First + 0xA0, Second + 0x7F8],
            bench.Ram.Differences(before));
    }

    [Fact]
    public void V_M02_devices_by_id_collections_by_creation()
    {
        var bench = new ItsBench().SetUp();
        bench.Send(Mapd(7, Second, 7), Mapd(2, First, 7), Mapc(2, 2), Mapc(3, 3), Mapti(7, 255, 8196, 2), Mapti(2, 20, 8195, 3));
        Assert.Equal(0, bench.SaveTables());
        Assert.Equal(0x800A_0000_0846_0007, bench.Ram[DeviceTable + 0x10]);
        Assert.Equal(0x8000_0000_0846_0207, bench.Ram[DeviceTable + 0x38]);
        Assert.Equal([0x8000_0000_0002_0002, 0x8000_0000_0003_0003, 0], Collections(bench, 3));
    }

    [Fact]
    public void V_M03_pending_tables_are_saved()
    {
        var bench = new ItsBench().MapForSave();
        bench.Send(Int(2, 20));
        for (ulong offset = 0; offset < 0x400; offset += 8)
        {
            bench.Ram[Pending(3) + offset] = Poison;
        }

        Assert.Equal(0, bench.SavePending());
        Assert.Equal(0x08, bench.PendingByte(3, 8195));
        Assert.All(Enumerable.Range(0, 0x80), word => Assert.Equal(Poison, bench.Ram[Pending(3) + ((ulong)word * 8)]));
        bench.Ram.Writes = 0;
        Assert.Equal(0, bench.SavePending());
        Assert.Equal(0, bench.Ram.Writes);
        Assert.Equal("3:8195", bench.DeliverAll());
        Assert.Equal(0, bench.SavePending());
        Assert.Equal(0, bench.PendingByte(3, 8195));
    }

    [Fact]
    public void A_pending_table_outside_memory_cannot_be_saved()
    {
        var bench = new ItsBench().MapForSave();
        bench.Redistributor(3, 0, 0);
        bench.Redistributor(3, 0x78, 0x6000_0000, 8);
        bench.Redistributor(3, 0, 1);
        Assert.Equal(Errno.BadAddress, bench.SavePending());
    }

    [Fact]
    public void V_M04_a_machine_is_rebuilt()
    {
        var source = new ItsBench().MapForSave();
        source.Send(Int(2, 20));
        Assert.Equal((0, 0), (source.SavePending(), source.SaveTables()));
        var bench = Rebuild(source);
        Assert.Equal(0, bench.PendingByte(3, 8195));
        Assert.Equal("3:8195", bench.DeliverAll());
        Assert.Equal(0, bench.Send(Int(7, 255)));
        Assert.Equal("2:8196", bench.DeliverAll());
    }

    [Fact]
    public void V_M05_a_collection_that_was_never_mapped()
    {
        var source = new ItsBench().MapForSave();
        source.Send(Mapti(2, 0, 8192, 0));
        Assert.Equal(0, source.SaveTables());
        Assert.Equal(0x0014_0000_2000_0000UL, source.Ram[First]);
        Assert.Equal([0x8000_FFFF_FFFF_0000, 0], Collections(source, 4).Skip(2));
        var bench = Rebuild(source);
        Assert.Equal(0, bench.Send(Mapc(0, 0), Int(2, 0)));
        Assert.Equal("0:8192", bench.DeliverAll());
    }

    [Fact]
    public void V_M06_events_without_collection_are_not_saved()
    {
        var bench = new ItsBench().MapForSave();
        bench.Ram[First + 0xC8] = Poison;
        bench.Send(Mapti(2, 25, 8197, 2), Mapti(2, 30, 8198, 3), Mapc(2, 0, valid: false));
        Assert.Equal(0, bench.SaveTables());
        Assert.Equal(
            [0x000A_0000_2003_0003, 0, 0x0000_0000_2006_0003, 0],
            new[] { bench.Ram[First + 0xA0], bench.Ram[First + 0xC8], bench.Ram[First + 0xF0], bench.Ram[Second + 0x7F8] });
        Assert.Equal([0x8000_0000_0003_0003, 0], Collections(bench, 2));
    }

    [Fact]
    public void V_M07_holes_greater_than_the_field()
    {
        var source = new ItsBench().SetUp();
        source.W32(0, 0);
        source.W64(0x100, 0x8000_0000_4210_0204);
        source.W32(0, 1);
        source.Send(Mapd(0, First, 7), Mapd(40_000, Second, 7), Mapc(3, 3), Mapti(0, 0, 8195, 3), Mapti(40_000, 255, 8196, 3));
        Assert.Equal(0, source.SaveTables());
        Assert.Equal(0xFFFE_0000_0846_0007, source.Ram[DeviceTable]);
        Assert.Equal(0x8000_0000_0846_0207, source.Ram[DeviceTable + (40_000 * 8)]);
        var bench = Rebuild(source);
        Assert.Equal(0, bench.Send(Int(0, 0)));
        Assert.Equal(0, bench.Send(Int(40_000, 255)));
        Assert.Equal("3:8195 3:8196", bench.DeliverAll());
    }

    [Fact]
    public void V_M08_V_M09_entries_go_from_memory_at_once()
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        bench.Send(Discard(2, 20));
        Assert.Equal(0UL, bench.Ram[First + 0xA0]);
        bench.Send(Mapd(7, 0, 0, valid: false));
        Assert.Equal(0UL, bench.Ram[DeviceTable + 0x38]);
        Assert.Equal(0, bench.SaveTables());
        Assert.Equal(0x8000_0000_0846_0007, bench.Ram[DeviceTable + 0x10]);
    }

    /// <summary>V-M10a to V-M10f, with B18, B31.</summary>
    [Theory]
    [InlineData(First + 0xA0, 0x0000_0000_0005_0003UL, Errno.InvalidArgument)]
    [InlineData(First + 0xA0, 0x0001_0001_0000_0003UL, Errno.InvalidArgument)]
    [InlineData(First + 0xA0, 0x00EC_0000_2003_0003UL, Errno.InvalidArgument)]
    [InlineData(First + 0xA0, 0x0000_0000_2003_0009UL, Errno.InvalidArgument)]
    [InlineData(CollectionTable, 0x8000_0000_0007_0003UL, Errno.InvalidArgument)]
    [InlineData(CollectionTable, 0x8000_0000_0003_2001UL, Errno.InvalidArgument)]
    [InlineData(CollectionTable, 0x8000_0000_0002_0002UL, Errno.Exists)]
    [InlineData(DeviceTable + 0x10, 0x800A_0000_0846_001FUL, Errno.InvalidArgument)]
    [InlineData(DeviceTable + 0x10, 0x800A_0000_0C00_0007UL, Errno.BadAddress)]
    public void V_M10_inconsistent_tables_leave_nothing(ulong address, ulong entry, int expected)
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        bench.Ram[address] = entry;
        Assert.Equal(expected, bench.RestoreTables());
        bench.W32(0, 1);
        bench.Results.Clear();
        Assert.Equal(0x010307, bench.Send(Int(2, 20)));
        Assert.Equal(0x010A04, bench.Send(Mapti(2, 30, 8200, 3)));
        Assert.Equal(0x010D09, bench.Send(Invall(2)));
    }

    [Fact]
    public void Older_kernels_take_wide_devices()
    {
        var bench = new ItsBench(GicProfiles.Kvm with { RestoreTakesWideDevices = true }).MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        bench.Ram[DeviceTable + 0x10] = 0x800A_0000_0846_001F;
        Assert.Equal(0, bench.RestoreTables());
    }

    [Fact]
    public void V_M11_a_device_that_is_the_last()
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        bench.Ram[DeviceTable + 0x10] = 0x8000_0000_0846_0007;
        Assert.Equal(0, bench.RestoreTables());
        bench.W32(0, 1);
        Assert.Equal(0x010307, bench.Send(Int(7, 255)));
        Assert.Equal(0, bench.Send(Int(2, 20)));
    }

    /// <summary>B19.</summary>
    [Fact]
    public void A_distance_past_the_end_ends_the_walk()
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        bench.Ram[DeviceTable + 0x10] = 0xFFFE_0000_0846_0007;
        Assert.Equal(0, bench.RestoreTables());
        bench.W32(0, 1);
        Assert.Equal(0, bench.Send(Int(2, 20)));
        Assert.Equal(0x010307, bench.Send(Int(7, 255)));
    }

    [Fact]
    public void V_M12_twice_is_an_error_and_leaves_no_collections()
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        Assert.Equal((0, Errno.Exists), (bench.RestoreTables(), bench.RestoreTables()));
        bench.W32(0, 1);
        Assert.Equal(0x010307, bench.Send(Int(2, 20)));
    }

    /// <summary>V-M14: with CREADR written before CBASER, which resets it.</summary>
    [Theory, InlineData(true, 1), InlineData(false, 3)]
    public void V_M13_V_M14_commands_between_the_pointers_are_executed(bool inOrder, int commands)
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(0, bench.SaveTables());
        RestartIts(bench);
        (ulong Offset, ulong Value)[] writes = [(ItsOffsets.QueueBase, 0x8000_0000_4200_0000), (ItsOffsets.QueueRead, 0x40), (ItsOffsets.QueueWrite, 0x60)];
        foreach (var (offset, value) in inOrder ? writes : [writes[0], writes[1], writes[0], writes[2]])
        {
            Assert.Equal(0, bench.SetRegister(offset, value));
        }

        Assert.Equal(0, bench.RestoreTables());
        Assert.Equal(0, bench.SetRegister(ItsOffsets.Control, 1));
        Assert.Equal(commands, bench.Results.Count);
        Assert.Equal(0x60UL, bench.R64(0x90));
    }

    [Fact]
    public void V_M15_reset()
    {
        var bench = new ItsBench().MapForSave();
        var before = new GuestRam();
        before.CopyFrom(bench.Ram);
        Assert.Equal(0, bench.Reset());
        Assert.Equal(0x8000_0000u, bench.R32(0));
        Assert.Equal([0, 0, 0, 0x1907_0000_4210_0200, 0x1C07_0000_4220_0200], new ulong[] { 0x80, 0x88, 0x90, 0x100, 0x108 }.Select(offset => bench.R64(offset)));
        Assert.Equal(Errno.Busy, bench.Signal(20, 2));
        Assert.Empty(bench.Ram.Differences(before));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void V_M16_a_smaller_collection_table_forgets_collections(bool isOld)
    {
        var bench = new ItsBench(GicProfiles.Kvm with { BaserDropsOnlyWhenInvalid = isOld }).SetUp();
        bench.W32(0, 0);
        bench.W64(0x108, 0x8000_0000_4220_0201);
        bench.W32(0, 1);
        bench.SetQueue(0xFF);
        for (uint i = 0; i <= 8192; i++)
        {
            Assert.Equal(0, bench.Send(Mapc(i, i % 4)));
        }

        bench.W32(0, 0);
        bench.W64(0x108, 0x8000_0000_4220_0200);
        for (ulong offset = 0; offset < 0x2_0000; offset += 8)
        {
            bench.Ram[CollectionTable + offset] = Poison;
        }

        Assert.Equal(0, bench.SaveTables());
        Assert.Equal(isOld ? 0x8000_0000_0000_0000 : 0, bench.Ram[CollectionTable]);
        if (isOld)
        {
            // The defect: one entry, and the end, are behind the table.
            Assert.Equal([0x8000_0000_0000_2000, 0], new[] { bench.Ram[CollectionTable + 0x1_0000], bench.Ram[CollectionTable + 0x1_0008] });
            return;
        }

        for (ulong offset = 8; offset < 0x2_0000; offset += 8)
        {
            Assert.Equal(Poison, bench.Ram[CollectionTable + offset]);
        }

        RestartIts(bench);
        Assert.Equal(0, bench.RestoreTables());
    }

    [Fact]
    public void V_M17_a_device_that_the_guest_made_unreachable()
    {
        foreach (var fails in new[] { false, true })
        {
            var bench = new ItsBench(GicProfiles.Kvm with { SaveFailsOnUnreachable = fails }).SetUp();
            bench.W32(0, 0);
            bench.W64(0x100, 0xC000_0000_4210_0200);
            bench.W32(0, 1);
            (bench.Ram[DeviceTable], bench.Ram[DeviceTable + 8]) = (0x8000_0000_4211_0000, 0x8000_0000_4212_0000);
            Assert.Equal(0, bench.Send(Mapd(0, First, 7), Mapd(8192, Second, 7)));
            bench.Ram[DeviceTable + 8] = 0;
            for (ulong offset = 0; offset < 0x2_0000; offset += 8)
            {
                bench.Ram[0x4211_0000 + offset] = Poison;
            }

            Assert.Equal(fails ? Errno.InvalidArgument : 0, bench.SaveTables());
            if (!fails)
            {
                Assert.Equal(0x8000_0000_0846_0007, bench.Ram[0x4211_0000]);
                Assert.Equal(Poison, bench.Ram[0x4212_0000]);
                RestartIts(bench);
                Assert.Equal(0, bench.RestoreTables());
            }
        }
    }

    [Fact]
    public void V_M18_tables_that_are_not_valid()
    {
        var bench = new ItsBench().MapForSave();
        bench.Reset();
        (bench.Ram.Reads, bench.Ram.Writes) = (0, 0);
        Assert.Equal((0, 0), (bench.SaveTables(), bench.RestoreTables()));
        Assert.Equal((0, 0), (bench.Ram.Reads, bench.Ram.Writes));
    }

    [Fact]
    public void V_M20_registers_through_the_device_file()
    {
        var bench = new ItsBench().MapForSave();
        Assert.Equal(Errno.InvalidArgument, bench.GetRegister(0x104, out _));
        Assert.Equal(Errno.NoSuchAddress, bench.GetRegister(0x18, out _));
        Assert.Equal(Errno.NoSuchAddress, bench.GetRegister(0x1_0040, out _));
        Assert.Equal(Errno.Busy, bench.SetRegister(ItsOffsets.QueueRead, 0));
        Assert.Equal(0, bench.SetRegister(ItsOffsets.Control, 0));
        Assert.Equal(Errno.InvalidArgument, bench.SetRegister(ItsOffsets.QueueRead, 0x1000));
        Assert.Equal(0, bench.SetRegister(ItsOffsets.QueueRead, 0x47));
        Assert.Equal(Errno.InvalidArgument, bench.SetRegister(ItsOffsets.Implementer, 0x4B00_143B));
        Assert.Equal(0, bench.SetRegister(ItsOffsets.Implementer, 0x4B00_043B));
        Assert.Equal(0, bench.GetRegister(ItsOffsets.QueueRead, out var value));
        Assert.Equal(0x40UL, value);
        Assert.Equal(0, bench.GetRegister(ItsOffsets.TableBase, out value));
        Assert.Equal(0x9907_0000_4210_0200, value);
        Assert.Equal(0, bench.GetRegister(0xFFE8, out value));
        Assert.Equal(0x3BUL, value);
        Assert.Equal(0, bench.GetRegister(ItsOffsets.Type, out value));
        Assert.Equal(0x1EF71UL, value);
        var unplaced = bench.Gic.CreateIts();
        Assert.Equal(Errno.NoSuchAddress, bench.Gic.GetItsAttribute(unplaced, ItsUapi.RegistersGroup, 0, out _));
        Assert.Equal(0, bench.Control(ItsUapi.ControlInit));
        Assert.Equal(Errno.NoSuchAddress, bench.Control(7));
    }

    [Fact]
    public void V_M22_an_LPI_without_target_is_not_saved()
    {
        var bench = new ItsBench().SetUp();
        bench.Send(Mapd(2, First, 7), Mapti(2, 0, 8192, 0));
        bench.Ram.Writes = 0;
        Assert.Equal(0, bench.SavePending());
        Assert.Equal(0, bench.Ram.Writes);
    }

    [Fact]
    public void V_M24_200_pending_LPIs_move()
    {
        var source = new ItsBench().SetUp();
        source.SetQueue(0xF);
        source.Send(Mapd(2, First, 7), Mapd(7, Second, 7), Mapc(0, 1), Mapc(1, 2));
        for (uint i = 0; i < 200; i++)
        {
            source.Send(Mapti(2 + (5 * (i % 2)), i / 2, 8192 + i, i % 2), Int(2 + (5 * (i % 2)), i / 2));
        }

        // One is being handled: it has no active state, and is not delivered twice.
        Assert.Equal(8192u, source.Acknowledge(1));
        Assert.Equal((0, 0), (source.SavePending(), source.SaveTables()));
        var bench = Rebuild(source);
        Assert.Equal(Enumerable.Range(8193, 199).Where(i => i % 2 == 0).Select(i => (uint)i), bench.Deliver(1));
        Assert.Equal(Enumerable.Range(8193, 199).Where(i => i % 2 == 1).Select(i => (uint)i), bench.Deliver(2));
        Assert.Equal("", bench.DeliverAll());
    }

    /// <summary>A table made to keep us busy for ever is refused: every first-level entry leads to the same page.</summary>
    [Fact]
    public void A_table_without_end_is_refused()
    {
        var bench = new ItsBench();
        bench.W64(0x100, 0xC000_0000_4500_02FF);
        for (ulong i = 0; i < 256 * 8192; i++)
        {
            bench.Ram[0x4500_0000 + (i * 8)] = 0x8000_0000_4200_0000;
        }

        bench.Ram.Reads = 0;
        Assert.Equal(Errno.InvalidArgument, bench.RestoreTables());
        Assert.InRange(bench.Ram.Reads, 1 << 20, 1 << 25);
    }

    private static ulong[] Collections(ItsBench bench, int count) => [.. Enumerable.Range(0, count).Select(i => bench.Ram[CollectionTable + ((ulong)i * 8)])];

    /// <summary>Reset, with tables and queue as before, disabled.</summary>
    private static void RestartIts(ItsBench bench)
    {
        var (devices, collections) = (bench.R64(0x100), bench.R64(0x108));
        Assert.Equal(0, bench.Reset());
        Assert.Equal(0, bench.SetRegister(ItsOffsets.TableBase, devices | (1UL << 63)));
        Assert.Equal(0, bench.SetRegister(ItsOffsets.TableBase + 8, collections | (1UL << 63)));
        Assert.Equal(0, bench.SetRegister(ItsOffsets.QueueBase, 0x8000_0000_4200_0000));
        bench.Results.Clear();
    }

    /// <summary>Restore of spec 9.8 into a fresh machine, CPU interfaces and private interrupts as in S1.</summary>
    private static ItsBench Rebuild(ItsBench source)
    {
        var bench = new ItsBench(source.Gic.Profile);
        bench.Ram.CopyFrom(source.Ram);
        bench.SetUpCpus();
        for (var vcpu = 0; vcpu < source.Vcpus; vcpu++)
        {
            bench.Redistributor(vcpu, 0x70, source.Gic.Read(GicSpace.Redistributor, vcpu, 0x70, 8), 8);
            bench.Redistributor(vcpu, 0x78, source.Gic.Read(GicSpace.Redistributor, vcpu, 0x78, 8), 8);
            bench.Redistributor(vcpu, 0, source.Gic.Read(GicSpace.Redistributor, vcpu, 0, 4));
        }

        foreach (var offset in new[] { ItsOffsets.QueueBase, ItsOffsets.QueueRead, ItsOffsets.QueueWrite, ItsOffsets.TableBase, ItsOffsets.TableBase + 8 })
        {
            Assert.Equal(0, source.GetRegister(offset, out var value));
            Assert.Equal(0, bench.SetRegister(offset, value));
        }

        Assert.Equal(0, bench.RestoreTables());
        Assert.Equal(0, bench.SetRegister(ItsOffsets.Control, 1));
        Assert.Empty(bench.Results);
        return bench;
    }
}
