using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;
using static Trapline.Devices.Tests.Arm.ItsBench;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-I01 to V-I40 of spec gicv3-its, for KVM and for QEMU.</summary>
public sealed class ItsCommandVectorTests
{
    private const string Kvm = "kvm";
    private const string Qemu11 = "qemu-11";

    public static TheoryData<string> Profiles => [Kvm, Qemu11];

    [Theory, MemberData(nameof(Profiles))]
    public void V_I01_int_delivers(string profile)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Int(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I02_an_LPI_has_no_active_state(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Send(Int(2, 20));
        Assert.Equal(8195u, bench.Acknowledge(3));
        bench.Send(Int(2, 20));
        Assert.Equal(1023u, bench.Acknowledge(3));
        bench.End(3, 8195);
        Assert.Equal(8195u, bench.Acknowledge(3));
        bench.End(3, 8195);
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I03_INV_reads_the_property(string profile)
    {
        var bench = PendingBehindItsProperty(profile);
        Assert.Equal(0, bench.Send(Inv(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I04_INVALL_reads_the_properties(string profile)
    {
        var bench = PendingBehindItsProperty(profile);
        Assert.Equal(0, bench.Send(Invall(3)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, ""), InlineData(Qemu11, "3:8195")]
    public void V_I05_INVALL_is_of_a_collection(string profile, string expected)
    {
        var bench = PendingBehindItsProperty(profile);
        Assert.Equal(0, bench.Send(Invall(2)));
        Assert.Equal(expected, bench.DeliverAll());
    }

    /// <summary>Spec 5.1: QEMU computes anew at the next acknowledge.</summary>
    [Theory, InlineData(Kvm, "3:8197"), InlineData(Qemu11, "3:8197 3:8195")]
    public void An_enabled_property_is_met_with_the_next_acknowledge_in_QEMU(string profile, string expected)
    {
        var bench = PendingBehindItsProperty(profile);
        bench.Send(Mapti(2, 21, 8197, 3), Int(2, 21));
        Assert.Equal(expected, bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void INV_withdraws_what_a_CPU_has_and_keeps_it_pending(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Send(Int(2, 20));
        Assert.True(bench.Gic.IrqLine(3));
        bench.SetProperty(8195, 0xA2);
        bench.Send(Inv(2, 20));
        Assert.False(bench.Gic.IrqLine(3));
        bench.SetProperty(8195, 0xA3);
        bench.Send(Inv(2, 20));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I06_CLEAR_clears(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Mask(3);
        bench.Send(Int(2, 20));
        Assert.Equal(0, bench.Send(Clear(2, 20)));
        bench.Unmask(3);
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I07_unmapped_events(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SendAtOnce(Clear(2, 21), Inv(2, 21), Discard(2, 21), Movi(2, 21, 2), Int(2, 21));
        Assert.Equal([0x010507, 0x010C07, 0x010F07, 0x010107, 0x010307], bench.Results);
        Assert.Equal(bench.R64(0x88), bench.R64(0x90));
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I08_ids_that_nobody_has(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SendAtOnce(Invall(9), Movall(0, 9), Mapc(9, 9), Mapti(5, 0, 8200, 3));
        Assert.Equal([profile == Kvm ? 0x010D09 : 0, 0x010E01, 0x010902, 0x010A04], bench.Results);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I09_ranges_of_events_and_interrupts(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SendAtOnce(Mapti(2, 256, 8200, 3), Mapti(2, 1, 8191, 3), Mapti(2, 1, 65536, 3), Mapi(2, 7, 3));
        Assert.Equal([0x010A05, 0x010A06, 0x010A06, 0x010A06], bench.Results);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I10_MOVI_moves_a_pending_LPI(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Mask(3);
        bench.Send(Int(2, 20));
        Assert.Equal(0, bench.Send(Movi(2, 20, 2)));
        bench.Unmask(3);
        Assert.Equal("2:8195", bench.DeliverAll());
        if (bench.IsQemu)
        {
            Assert.Equal((0, 0), (bench.PendingByte(3, 8195), bench.PendingByte(2, 8195)));
        }
    }

    [Theory, InlineData(Kvm), InlineData(Qemu11)]
    public void V_I11_MOVI_to_a_collection_that_is_not_mapped(string profile)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0x010109, bench.Send(Movi(2, 20, 9)));
        bench.Send(Int(2, 20));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, "1:8195"), InlineData(Qemu11, "3:8195")]
    public void V_I12_MAPC_takes_pending_LPIs_along(string profile, string expected)
    {
        var bench = Bench(profile).Map();
        bench.Mask(3);
        bench.Send(Int(2, 20));
        Assert.Equal(0, bench.Send(Mapc(3, 1)));
        bench.Unmask(3);
        Assert.Equal(expected, bench.DeliverAll());
        bench.Send(Int(2, 20));
        Assert.Equal("1:8195", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm), InlineData(Qemu11)]
    public void V_I13_events_of_a_collection_that_went(string profile)
    {
        var expected = profile == Kvm ? ItsErrors.IntUnmappedInterrupt : 0;
        var bench = Bench(profile).Map();
        Assert.Equal(0x010307, bench.Send(Mapc(3, 0, valid: false), Int(2, 20)));
        Assert.Equal(expected, bench.Send(Mapc(3, 3), Int(2, 20)));
        Assert.Equal(expected, bench.Send(Mapti(2, 20, 8195, 3), Int(2, 20)));
        Assert.Equal(profile == Kvm ? "" : "3:8195", bench.DeliverAll());
        if (profile == Kvm)
        {
            Assert.Equal(0x010109, bench.Send(Movi(2, 20, 2)));
            Assert.Equal(0x010F07, bench.Send(Discard(2, 20)));
        }

        Assert.Equal(0, bench.Send(Mapd(2, Itt(2), 7), Mapti(2, 20, 8195, 3), Int(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I14_a_collection_that_comes_later(string profile)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Mapti(2, 21, 8197, 5)));
        Assert.Equal(0x010307, bench.Send(Int(2, 21)));
        Assert.Equal(0, bench.Send(Mapc(5, 0), Int(2, 21)));
        Assert.Equal("0:8197", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, "3:8195"), InlineData(Qemu11, "2:8300")]
    public void V_I15_MAPTI_over_an_event(string profile, string expected)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Mapti(2, 20, 8300, 2), Int(2, 20)));
        Assert.Equal(expected, bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, "3:8195"), InlineData(Qemu11, "2:8195")]
    public void V_I16_two_events_of_one_LPI(string profile, string expected)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Mapti(7, 1, 8195, 2), Int(7, 1)));
        Assert.Equal(expected, bench.DeliverAll());
    }

    /// <summary>B2.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void One_of_two_events_of_an_LPI_may_go(string profile)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Mapti(2, 1, 8195, 3), Discard(2, 1), Int(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I17_MAPD_ends_a_mapping(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Ram[DeviceTable + 0x10] |= 0x100_0000;
        Assert.Equal(0, bench.Send(Mapd(2, 0, 0, valid: false)));
        Assert.Equal(0UL, bench.Ram[DeviceTable + 0x10]);
        Assert.Equal(0x010307, bench.Send(Int(2, 20)));
    }

    [Theory, InlineData(Kvm, 0x010307), InlineData(Qemu11, 0)]
    public void V_I18_MAPD_over_a_device(string profile, int expected)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(expected, bench.Send(Mapd(2, Itt(2), 7), Int(2, 20)));
    }

    /// <summary>Spec 7.5: what a CPU interface has is still delivered, once; what waits behind its property goes with the event.</summary>
    [Theory, InlineData(Kvm), InlineData(Qemu11)]
    public void A_pending_LPI_outlives_its_device_once(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Send(Mapti(2, 21, 8197, 3), Int(2, 20));
        bench.SetProperty(8197, 0xA2);
        bench.Send(Inv(2, 21), Int(2, 21), Mapd(2, 0, 0, valid: false));
        Assert.Equal("3:8195", bench.DeliverAll());
        Assert.Equal(0x010307, bench.Send(Int(2, 20)));
        bench.SetProperty(8197, 0xA3);
        bench.Send(Mapd(2, Itt(9), 7), Mapti(2, 21, 8197, 3));
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I19_DISCARD_drops_what_is_pending(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Ram[Itt(2) + 0xA0] |= profile == Kvm ? 1UL : 0;
        bench.Mask(3);
        bench.Send(Int(2, 20));
        Assert.Equal(0, bench.Send(Discard(2, 20)));
        bench.Unmask(3);
        Assert.Equal("", bench.DeliverAll());
        Assert.Equal(0UL, bench.Ram[Itt(2) + (profile == Kvm ? 0xA0UL : 0xF0UL)]);
        Assert.Equal(0x010307, bench.Send(Int(2, 20)));
    }

    /// <summary>B25.</summary>
    [Fact]
    public void Older_kernels_leave_entries_in_memory()
    {
        var bench = new ItsBench(GicProfiles.Kvm with { UnmapLeavesMemory = true }).Map();
        (bench.Ram[Itt(2) + 0xA0], bench.Ram[DeviceTable + 0x38]) = (5, 6);
        Assert.Equal(0, bench.Send(Discard(2, 20), Mapd(7, 0, 0, valid: false)));
        Assert.Equal((5UL, 6UL), (bench.Ram[Itt(2) + 0xA0], bench.Ram[DeviceTable + 0x38]));
    }

    [Theory, InlineData(Kvm, 0), InlineData(Qemu11, 0x010802)]
    public void V_I20_sizes_of_event_tables(string profile, int third)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0x010802, bench.Send(Mapd(2, Itt(2), 16)));
        Assert.Equal(0, bench.Send(Mapd(2, Itt(2), 15)));
        Assert.Equal(third, bench.Send(Mapd(2, 0, 31, valid: false)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I21_a_flat_device_table_of_a_page(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SendAtOnce(Mapd(8191, Itt(2), 7), Mapd(8192, Itt(2), 7), Mapd(0x1_0000, Itt(2), 7));
        Assert.Equal([0, 0x010801, 0x010801], bench.Results);
    }

    /// <summary>B3, too: a second level outside memory.</summary>
    [Theory, InlineData(Kvm, 0x010801, 0x010801), InlineData(Qemu11, 0, Errno.BadAddress)]
    public void V_I22_an_indirect_device_table(string profile, int withoutPage, int outsideMemory)
    {
        var bench = Bench(profile).SetUp();
        bench.W32(0, 0);
        bench.W64(0x100, 0xC000_0000_4210_0200);
        bench.W32(0, 1);
        bench.Ram[DeviceTable] = 0x8000_0000_4211_0000;
        bench.Ram[DeviceTable + 8] = 0x4212_0000;
        Assert.Equal(0, bench.Send(Mapd(5, Itt(2), 7)));
        Assert.Equal(withoutPage, bench.Send(Mapd(8195, Itt(2), 7)));
        bench.Ram[DeviceTable + 8] = 0x8000_0000_4212_0000;
        Assert.Equal(0, bench.Send(Mapd(8195, Itt(2), 7)));
        Assert.Equal(0, bench.Send(Mapc(3, 3), Mapti(8195, 0, 8200, 3), Int(8195, 0)));
        Assert.Equal("3:8200", bench.DeliverAll());
        bench.Ram[DeviceTable + 16] = 0x8000_0000_6000_0000;
        Assert.Equal(outsideMemory, bench.Send(Mapd(16384, Itt(2), 7)));
    }

    [Theory, InlineData(Kvm, 0), InlineData(Qemu11, 0x010903)]
    public void V_I23_a_collection_outside_the_table(string profile, int end)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0x010903, bench.Send(Mapc(8192, 0)));
        Assert.Equal(end, bench.Send(Mapc(8192, 0, valid: false)));
        Assert.Equal(0x010903, bench.Send(Mapti(2, 1, 8200, 8192)));
    }

    [Theory, InlineData(Kvm, 0x010A06), InlineData(Qemu11, 0)]
    public void V_I24_INTIDs_of_14_bits(string profile, int expected)
    {
        var bench = Bench(profile).SetUp();
        SetPropertyBase(bench, 0x4240_000D);
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3));
        Assert.Equal(0, bench.Send(Mapti(2, 1, 16383, 3)));
        Assert.Equal(expected, bench.Send(Mapti(2, 2, 16384, 3)));
        bench.SetProperty(16384, 0xA3);
        bench.Send(Int(2, 2));
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, 0x010A06), InlineData(Qemu11, 0)]
    public void V_I25_no_INTID_bits(string profile, int expected)
    {
        var bench = Bench(profile).SetUp();
        SetPropertyBase(bench, 0);
        Assert.Equal(expected, bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3), Mapti(2, 1, 8192, 3)));
    }

    [Theory, InlineData(Kvm, "1:8195"), InlineData(Qemu11, "3:8195")]
    public void V_I26_MOVALL_and_a_later_event(string profile, string expected)
    {
        var bench = Bench(profile).Map();
        Assert.Equal(0, bench.Send(Movall(3, 1), Int(2, 20)));
        Assert.Equal(expected, bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, false, "1:8195 2:8196"), InlineData(Kvm, true, "1:8195 1:8196"), InlineData(Qemu11, false, "1:8195 2:8196")]
    public void V_I27_MOVALL_moves_what_is_pending(string profile, bool ignoresSource, string expected)
    {
        var bench = new ItsBench(GicProfiles.Find(profile)! with { MoveAllIgnoresSource = ignoresSource }).Map();
        bench.Mask(2);
        bench.Mask(3);
        bench.Send(Int(2, 20), Int(7, 255));
        Assert.Equal(0, bench.Send(Movall(3, 1)));
        bench.Unmask(2);
        bench.Unmask(3);
        Assert.Equal(expected, bench.DeliverAll());
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I28_unknown_commands(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SendAtOnce([.. new ulong[] { 0x00, 0x22, 0x29, 0x2D, 0x77 }.Select(opcode => new ItsCommand(opcode, 1, 2, 3))]);
        Assert.Equal(Enumerable.Repeat(Errno.NoSuchDevice, 5), bench.Results);
        Assert.Equal(bench.R64(0x88), bench.R64(0x90));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I29_order_of_priorities(string profile)
    {
        var bench = Bench(profile).SetUp();
        byte[] properties = [0xB3, 0x93, 0xA3, 0x93];
        bench.Send(Mapd(2, Itt(2), 7), Mapc(1, 1));
        bench.Mask(1);
        for (uint i = 0; i < 4; i++)
        {
            bench.SetProperty(8220 + i, properties[i]);
            bench.Send(Mapti(2, i, 8220 + i, 1), Int(2, i));
        }

        bench.Unmask(1);
        var seen = new List<(uint, ulong)>();
        for (var i = 0; i < 4; i++)
        {
            var interrupt = bench.Acknowledge(1);
            seen.Add((interrupt, bench.Gic.ReadSystem(1, IccRegister.Rpr)));
            bench.End(1, interrupt);
        }

        Assert.Equal([(8221, 0x90), (8223, 0x90), (8222, 0xA0), (8220, 0xB0)], seen);
    }

    [Theory, InlineData(Kvm, 0xA7, 0xA0UL), InlineData(Qemu11, 0xA7, 0xA0UL), InlineData(Kvm, 0x01, 0UL), InlineData(Qemu11, 0x01, 0UL)]
    public void V_I30_V_I31_priority_of_a_property(string profile, byte property, ulong expected)
    {
        var bench = Bench(profile).SetUp();
        bench.SetProperty(8195, property);
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3), Mapti(2, 20, 8195, 3), Int(2, 20));
        Assert.Equal(8195u, bench.Acknowledge(3));
        Assert.Equal(expected, bench.Gic.ReadSystem(3, IccRegister.Rpr));
    }

    /// <summary>V-I32 is V-R16.</summary>
    [Theory, InlineData(Kvm, Errno.Busy), InlineData(Qemu11, 0)]
    public void V_I33_no_event_for_a_CPU_without_LPIs(string profile, int expected)
    {
        var bench = Bench(profile).Map();
        bench.Redistributor(3, 0, 0);
        Assert.Equal(expected, bench.Send(Int(2, 20)));
        bench.Redistributor(3, 0, 1);
        Assert.Equal("", bench.DeliverAll());
    }

    [Theory]
    [InlineData(Kvm, false, "3:8195", 0x08)]
    [InlineData(Kvm, true, "", 0x08)]
    [InlineData(Qemu11, false, "3:8195", 0)]
    [InlineData(Qemu11, true, "3:8195", 0)]
    public void V_I34_V_I35_EnableLPIs_reads_the_pending_table_unless_it_is_said_to_be_zero(string profile, bool isZero, string expected, int left)
    {
        var bench = Bench(profile).SetUp();
        bench.Redistributor(3, 0, 0);
        bench.Redistributor(3, 0x78, Pending(3) | (isZero ? 1UL << 62 : 0), 8);
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3), Mapti(2, 20, 8195, 3));
        bench.SetPendingBit(3, 8195);
        bench.Redistributor(3, 0, 1);
        Assert.Equal(expected, bench.DeliverAll());
        Assert.Equal(left, bench.PendingByte(3, 8195));
    }

    [Theory, InlineData(Kvm, "3:8195"), InlineData(Qemu11, "")]
    public void V_I36_MAPTI_takes_the_pending_bit(string profile, string expected)
    {
        var bench = Bench(profile).SetUp();
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3));
        bench.SetPendingBit(3, 8195);
        bench.SetPendingBit(3, 8192);
        bench.Send(Mapti(2, 20, 8195, 3));
        Assert.Equal(expected, bench.DeliverAll());
        Assert.Equal(bench.IsQemu ? 0x09 : 0x01, bench.PendingByte(3, 8195));
        if (bench.IsQemu)
        {
            bench.Send(Invall(3));
            Assert.Equal("3:8192 3:8195", bench.DeliverAll());
        }
    }

    /// <summary>B4.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void Bits_of_two_bytes_of_the_pending_table(string profile)
    {
        var bench = Bench(profile).SetUp();
        bench.Redistributor(3, 0, 0);
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3));
        bench.Send([.. Enumerable.Range(0, 24).Select(i => Mapti(2, (uint)i, (uint)(8192 + i), 3))]);
        bench.SetPendingBit(3, 8192);
        bench.SetPendingBit(3, 8209);
        bench.Redistributor(3, 0, 1);
        Assert.Equal("3:8192 3:8209", bench.DeliverAll());
    }

    [Theory, InlineData(Kvm, ""), InlineData(Qemu11, "3:8195")]
    public void V_I37_disabling_LPIs_and_enabling_them(string profile, string expected)
    {
        var bench = Bench(profile).Map();
        bench.Mask(3);
        bench.Send(Int(2, 20));
        bench.Redistributor(3, 0, 0);
        bench.Redistributor(3, 0, 1);
        bench.Unmask(3);
        Assert.Equal(expected, bench.DeliverAll());
    }

    /// <summary>B33: with PTZ nothing is read, and what was latched is gone, or still there in the kernels that keep it.</summary>
    [Theory, InlineData(true, ""), InlineData(false, "3:8195")]
    public void A_latch_does_not_survive_the_disable(bool clears, string expected)
    {
        var bench = new ItsBench(GicProfiles.Kvm with { DisableClearsLatches = clears }).Map();
        bench.Mask(3);
        bench.Send(Int(2, 20));
        bench.Redistributor(3, 0, 0);
        bench.Redistributor(3, 0x78, Pending(3) | (1UL << 62), 8);
        bench.Redistributor(3, 0, 1);
        bench.Unmask(3);
        Assert.Equal(expected, bench.DeliverAll());
    }

    [Fact]
    public void V_I38_two_ITSs_share_an_LPI()
    {
        const ulong Second = 0x0900_0000;
        var topology = GicTopology.Standard(4) with { ItsBases = [0x0808_0000, Second] };
        var bench = new ItsBench(GicProfiles.Kvm, topology: topology).Map();
        bench.W64(ItsOffsets.TableBase, 0x8000_0000_4310_0200, 1);
        bench.W64(ItsOffsets.TableBase + 8, 0x8000_0000_4320_0200, 1);
        bench.W64(ItsOffsets.QueueBase, 0x8000_0000_4300_0000, 1);
        bench.W32(ItsOffsets.Control, 1, 1);
        ItsCommand[] commands = [Mapd(1, Itt(20), 7), Mapc(0, 0), Mapti(1, 1, 8195, 0), Int(1, 1), Discard(1, 1), Int(1, 1)];
        for (var i = 0; i < commands.Length; i++)
        {
            var address = 0x4300_0000UL + ((ulong)i * 32);
            (bench.Ram[address], bench.Ram[address + 8], bench.Ram[address + 16]) = (commands[i].Word0, commands[i].Word1, commands[i].Word2);
            if (i == 4)
            {
                Assert.Equal("3:8195", bench.DeliverAll());
            }

            bench.W64(ItsOffsets.QueueWrite, (ulong)(i + 1) * 32, 1);
        }

        Assert.Equal([0, 0, 0, 0, 0, 0x010307], bench.Results);
        Assert.Equal(0, bench.Send(Int(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
        Assert.Equal(1, bench.Signal(20, 2));
        Assert.Equal(0, bench.Signal(20, 2, address: Second));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void V_I39_a_queue_outside_memory(string profile)
    {
        var bench = Bench(profile).SetUp();
        bench.W32(0, 0);
        bench.W64(0x80, 0x8000_0000_7000_0000);
        bench.W64(0x88, 0);
        bench.W32(0, 1);
        bench.W64(0x88, 0x40);
        Assert.Equal(0x40UL, bench.R64(0x90));
        Assert.Equal(2, bench.Results.Count);
        Assert.All(bench.Results, result => Assert.True(result < 0));
    }

    [Theory, InlineData(Kvm, 0x80UL, 0x010A05), InlineData(Qemu11, 0x41UL, Errno.BadAddress)]
    public void V_I40_a_table_of_events_outside_memory(string profile, ulong read, int result)
    {
        var bench = Bench(profile).SetUp();
        bench.SendAtOnce(Mapd(4, 0x6000_0000, 7), Mapc(3, 3), Mapti(4, 0, 8210, 3), Sync());
        Assert.Equal(read, bench.R64(0x90));
        Assert.Equal([0, 0, result], bench.Results.Take(3));
        if (!bench.IsQemu)
        {
            return;
        }

        // The next write tries again; with the table in memory it goes on.
        bench.W64(0x88, 0x80);
        Assert.Equal(0x41UL, bench.R64(0x90));
        bench.Ram.Regions.Add((0x6000_0000, 0x6001_0000));
        bench.W64(0x88, 0x80);
        Assert.Equal(0x80UL, bench.R64(0x90) & ~1UL);
    }

    /// <summary>B12.</summary>
    [Fact]
    public void A_property_table_outside_memory_makes_no_LPI()
    {
        var bench = new ItsBench().SetUp();
        SetPropertyBase(bench, 0x6000_000F);
        Assert.Equal(Errno.BadAddress, bench.Send(Mapd(2, Itt(2), 7), Mapti(2, 20, 8195, 3)));
        SetPropertyBase(bench, 0x4240_000F);
        Assert.Equal(0x010D09, bench.Send(Invall(3)));
        Assert.Equal(0, bench.Send(Mapc(3, 3), Mapti(2, 20, 8195, 3), Int(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    /// <summary>What was fetched for a command that fails goes back to its CPU.</summary>
    [Fact]
    public void INV_that_cannot_read_leaves_an_LPI_pending()
    {
        var bench = new ItsBench().Map();
        bench.Send(Int(2, 20));
        bench.Redistributor(0, 0, 0);
        bench.Redistributor(0, 0x70, 0x6000_000F, 8);
        Assert.Equal(Errno.BadAddress, bench.Send(Inv(2, 20)));
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    /// <summary>B22: ids are not the order of creation.</summary>
    [Theory, InlineData(false, 1), InlineData(true, 3)]
    public void A_target_is_an_id(bool byIndex, int expected)
    {
        var topology = GicTopology.Standard(4) with { VcpuIds = [0, 3, 1, 2] };
        var bench = new ItsBench(GicProfiles.Kvm with { TargetsByIndex = byIndex }, topology: topology).SetUp();
        bench.Send(Mapd(2, Itt(2), 7), Mapc(3, 3), Mapti(2, 20, 8195, 3), Int(2, 20));
        Assert.Equal($"{expected}:8195", bench.DeliverAll());
    }

    /// <summary>Spec 1.4: the distributor's enable withdraws LPIs, and gives them back.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void The_distributor_gates_LPIs(string profile)
    {
        var bench = Bench(profile).Map();
        bench.Send(Int(2, 20));
        bench.Gic.Write(Devices.Arm.GicSpace.Distributor, 0, 0, 4, 0);
        Assert.False(bench.Gic.IrqLine(3));
        bench.Send(Int(7, 255));
        Assert.Equal("", bench.DeliverAll());
        bench.Gic.Write(Devices.Arm.GicSpace.Distributor, 0, 0, 4, 2);
        Assert.Equal("2:8196 3:8195", bench.DeliverAll());
    }

    /// <summary>Spec 4.6.</summary>
    [Fact]
    public void INVLPIR_and_INVALLR_read_properties()
    {
        var bench = PendingBehindItsProperty(Kvm);
        bench.Redistributor(0, 0xA0, 8195, 8);
        Assert.Equal("3:8195", bench.DeliverAll());
        bench = PendingBehindItsProperty(Kvm);
        bench.Redistributor(2, 0xB0, 0, 8);
        Assert.Equal("", bench.DeliverAll());
        bench.Redistributor(3, 0xB0, 0, 8);
        Assert.Equal("3:8195", bench.DeliverAll());
    }

    private static void SetPropertyBase(ItsBench bench, ulong value)
    {
        for (var vcpu = 0; vcpu < bench.Vcpus; vcpu++)
        {
            bench.Redistributor(vcpu, 0, 0);
            bench.Redistributor(vcpu, 0x70, value, 8);
        }

        for (var vcpu = 0; vcpu < bench.Vcpus; vcpu++)
        {
            bench.Redistributor(vcpu, 0, 1);
        }
    }

    /// <summary>The event came while the property disabled it; the property has changed since.</summary>
    private static ItsBench PendingBehindItsProperty(string profile)
    {
        var bench = Bench(profile).Map();
        bench.SetProperty(8195, 0xA2);
        bench.Send(Inv(2, 20), Int(2, 20));
        Assert.Equal("", bench.DeliverAll());
        bench.SetProperty(8195, 0xA3);
        Assert.Equal("", bench.DeliverAll());
        return bench;
    }

    private static ItsBench Bench(string profile) => new(GicProfiles.Find(profile)!);
}
