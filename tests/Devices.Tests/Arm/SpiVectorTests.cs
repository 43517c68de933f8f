using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-S01 to V-S17 of spec gicv3-its 13.4: PPIs and SPIs. SPI 40 is enabled, goes to CPU 1 with priority 0xA0.</summary>
public sealed class SpiVectorTests
{
    private const int Spi = 40;
    private const ulong Pending = 0x204;
    private const ulong Active = 0x304;
    private const ulong Route = 0x6000 + (Spi * 8);
    private const int None = GicBench.Spurious;

    public static TheoryData<string> Profiles => ["kvm", "qemu-11"];

    [Theory, MemberData(nameof(Profiles))]
    public void VS01_ICPENDR_does_not_help_against_a_wire(string profile)
    {
        var gic = Bench(profile);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal(0x100ul, gic.ReadD(Pending));
        gic.WriteD(0x284, 0x100);
        Assert.Equal((0x100ul, Spi), (gic.ReadD(Pending), gic.Highest(1)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS02_VS03_a_level_is_pending_while_the_wire_is_high(string profile)
    {
        var gic = Bench(profile);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal(Spi, gic.Acknowledge(1));
        Assert.Equal((0x100ul, 0x100ul), (gic.ReadD(Pending), gic.ReadD(Active)));
        gic.Gic.DriveSpi(Spi, false);
        Assert.Equal(0ul, gic.ReadD(Pending));

        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal((0x100ul, None), (gic.ReadD(Pending), gic.Highest(1)));
        gic.End(1, Spi);
        Assert.Equal(Spi, gic.Highest(1));
        gic.Gic.DriveSpi(Spi, false);
        Assert.Equal(None, gic.Highest(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS04_a_latch_of_a_level_goes_with_the_acknowledge(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(Pending, 0x100);
        gic.Gic.DriveSpi(Spi, true);
        gic.Gic.DriveSpi(Spi, false);
        Assert.Equal((0x100ul, Spi, 0ul), (gic.ReadD(Pending), gic.Acknowledge(1), gic.ReadD(Pending)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS05_an_edge_stays(string profile)
    {
        var gic = Edge(profile);
        Pulse(gic);
        Assert.Equal((0x100ul, Spi, 0ul), (gic.ReadD(Pending), gic.Acknowledge(1), gic.ReadD(Pending)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS06_an_edge_while_active_is_delivered_once_more(string profile)
    {
        var gic = Edge(profile);
        Pulse(gic);
        Assert.Equal(Spi, gic.Acknowledge(1));
        Pulse(gic);
        Pulse(gic);
        Assert.Equal((0x100ul, 0x100ul, None), (gic.ReadD(Pending), gic.ReadD(Active), gic.Highest(1)));
        gic.End(1, Spi);
        Assert.Equal([Spi], gic.Deliver(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS07_a_pending_one_follows_its_route(string profile)
    {
        var gic = Bench(profile);
        gic.Gic.DriveSpi(Spi, true);
        gic.WriteD(Route, 2, 8);
        Assert.Equal((None, Spi), (gic.Highest(1), gic.Highest(2)));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS07_so_does_a_latched_one(string profile)
    {
        var gic = Edge(profile);
        Pulse(gic);
        Assert.Equal(Spi, gic.Highest(1));
        gic.WriteD(Route, 2, 8);
        Assert.Equal((None, Spi), (gic.Highest(1), gic.Highest(2)));
        Assert.Equal([Spi], gic.Deliver(2));
        Assert.Empty(gic.Deliver(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS08_a_route_to_nobody_holds_it(string profile)
    {
        var gic = Bench(profile);
        gic.Gic.DriveSpi(Spi, true);
        gic.WriteD(Route, 77, 8);
        Assert.Equal(77ul, gic.ReadD(Route, 8));
        Assert.All(Enumerable.Range(0, 4), cpu => Assert.Equal(None, gic.Highest(cpu)));
        gic.WriteD(Route, 1, 8);
        Assert.Equal(Spi, gic.Highest(1));
    }

    /// <summary>QEMU 7.2 delivers to CPU 3 too; QEMU 11 to the first, as the recordings show.</summary>
    [Theory]
    [InlineData("kvm", 3ul, 3)]
    [InlineData("qemu-11", 0x80000003ul, 0)]
    public void VS09_any_of_several(string profile, ulong read, int cpu)
    {
        var gic = Bench(profile);
        gic.WriteD(Route, 0x80000003);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal((read, Spi), (gic.ReadD(Route, 8), gic.Highest(cpu)));
    }

    [Fact]
    public void No_vCPU_of_QEMU_has_an_Aff3()
    {
        var gic = Bench("qemu-11");
        gic.WriteD(Route, 0x1_00000001, 8);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal(None, gic.Highest(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS10_a_disabled_one_is_withdrawn_and_stays_pending(string profile)
    {
        var gic = Edge(profile);
        Pulse(gic);
        gic.WriteD(0x184, 0x100);
        Assert.Equal((None, 0x100ul), (gic.Highest(1), gic.ReadD(Pending)));
        gic.WriteD(0x104, 0x100);
        Assert.Equal([Spi], gic.Deliver(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS11_an_active_one_is_not_delivered(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(Active, 0x100);
        gic.WriteD(Pending, 0x100);
        Assert.Equal((None, 0x100ul, 0x100ul), (gic.Highest(1), gic.ReadD(Active), gic.ReadD(Pending)));
        gic.WriteD(0x384, 0x100);
        Assert.Equal([Spi], gic.Deliver(1));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void VS12_a_PPI_is_of_its_vCPU(string profile)
    {
        var gic = Bench(profile);
        gic.WriteR(1, GicBench.SgiFrame + 0x100, 0x800000);
        gic.WriteR(2, GicBench.SgiFrame + 0x100, 0x800000);
        Assert.Equal(0, gic.Gic.DrivePpi(1, 23, true));
        Assert.Equal((None, 23), (gic.Acknowledge(2), gic.Acknowledge(1)));
        Assert.Equal(0x800000ul, gic.ReadR(1, GicBench.SgiFrame + 0x200));
        gic.Gic.DrivePpi(1, 23, false);
        Assert.Equal(0ul, gic.ReadR(1, GicBench.SgiFrame + 0x200));
        gic.End(1, 23);
        Assert.Equal(None, gic.Acknowledge(1));
    }

    [Fact]
    public void VS13_wires_that_do_not_exist()
    {
        var gic = Bench("kvm");
        Assert.Equal((-22, -22, -22), (gic.Gic.DriveSpi(31, true), gic.Gic.DriveSpi(288, true), gic.Gic.DriveSpi(1020, true)));
        Assert.Equal((-22, -22, -22), (gic.Gic.DrivePpi(0, 15, true), gic.Gic.DrivePpi(0, 32, true), gic.Gic.DrivePpi(4, 27, true)));
    }

    [Fact]
    public void VS14_each_high_is_an_edge_in_KVM()
    {
        var gic = Edge("kvm");
        gic.Gic.DriveSpi(Spi, true);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal(Spi, gic.Acknowledge(1));
        gic.Gic.DriveSpi(Spi, true);
        gic.Gic.DriveSpi(Spi, false);
        Assert.Equal((0x100ul, 0x100ul), (gic.ReadD(Pending), gic.ReadD(Active)));
        gic.End(1, Spi);
        Assert.Equal([Spi], gic.Deliver(1));
    }

    [Fact]
    public void An_edge_is_a_rise_in_QEMU()
    {
        var gic = Edge("qemu-11");
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal([Spi], gic.Deliver(1));
        gic.Gic.DriveSpi(Spi, true);
        Assert.Empty(gic.Deliver(1));
        gic.Gic.DriveSpi(Spi, false);
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal([Spi], gic.Deliver(1));
    }

    [Fact]
    public void VS15_levels_by_user_space()
    {
        var gic = Bench("kvm");
        var levels = GicAttributes.OfLevels(0, 32);
        Assert.Equal(0, gic.Set(GicAttributes.LevelInfo, levels, 0x100));
        Assert.Equal((0x100ul, Spi), (gic.Get(GicAttributes.LevelInfo, levels), gic.Highest(1)));
        Assert.Equal((-22, -22), (gic.Get(GicAttributes.LevelInfo, GicAttributes.OfLevels(0, 33), out _), gic.Get(GicAttributes.LevelInfo, levels | 0x400, out _)));
        Assert.Equal(-22, gic.Get(GicAttributes.LevelInfo, GicAttributes.OfLevels(9, 32), out _));
        gic.WriteD(0xC08, 0x20000);
        Assert.Equal(0ul, gic.Get(GicAttributes.LevelInfo, levels));
        Assert.Equal((0, 0ul), (gic.Set(GicAttributes.LevelInfo, GicAttributes.OfLevels(0, 992), 1), gic.Get(GicAttributes.LevelInfo, GicAttributes.OfLevels(0, 992))));
    }

    [Fact]
    public void VS16_user_space_reads_the_latch()
    {
        var gic = Bench("kvm");
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal((0ul, 0x100ul), (gic.Get(GicAttributes.DistributorRegisters, Pending), gic.ReadD(Pending)));
        Assert.Equal(Spi, gic.Highest(1));
    }

    [Fact]
    public void VS17_user_space_writes_all_latches()
    {
        var gic = Bench("kvm");
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, Pending, 0x100));
        Assert.Equal((0x100ul, Spi), (gic.Get(GicAttributes.DistributorRegisters, Pending), gic.Highest(1)));
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, Pending, 0x200));
        Assert.Equal((0x200ul, None), (gic.Get(GicAttributes.DistributorRegisters, Pending), gic.Highest(1)));
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, 0x284, uint.MaxValue));
        Assert.Equal((0x200ul, 0ul), (gic.Get(GicAttributes.DistributorRegisters, Pending), gic.Get(GicAttributes.DistributorRegisters, 0x284)));
    }

    /// <summary>V-C17: the distributor's enable withdraws what is pending and leaves what is active.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void VC17_the_distributors_enable(string profile)
    {
        var gic = Edge(profile);
        gic.WriteD(0x104, 0x300);
        gic.WriteD(0x6000 + (41 * 8), 1, 8);
        gic.WriteD(0x429, 0x80, 1);
        gic.WriteD(Pending, 0x300);
        Assert.Equal(41, gic.Acknowledge(1));
        gic.WriteD(0, 0);
        Assert.Equal((None, 0x100ul, 0x200ul), (gic.Highest(1), gic.ReadD(Pending), gic.ReadD(Active)));
        gic.WriteD(Pending, 0x200);
        gic.End(1, 41);
        Assert.Equal(None, gic.Acknowledge(1));
        gic.WriteD(0, 2);
        Assert.Equal([41, Spi], gic.Deliver(1));
    }

    /// <summary>Spec 3.3: QEMU has an enable for each group.</summary>
    [Fact]
    public void QEMU_enables_the_groups_apart()
    {
        var gic = Bench("qemu-11");
        gic.WriteD(0x84, 0x200);
        gic.WriteD(0x104, 0x300);
        gic.WriteD(0x6000 + (41 * 8), 1, 8);
        gic.WriteD(0x429, 0x80, 1);
        gic.Write(1, IccRegister.IgrpEn0, 1);
        gic.WriteD(Pending, 0x300);
        Assert.Equal((41, false), (gic.Highest(1), gic.Gic.FiqLine(1)));
        gic.WriteD(0, 1);
        Assert.Equal((false, true), (gic.Gic.IrqLine(1), gic.Gic.FiqLine(1)));
        Assert.Equal((ulong)Spi, gic.Read(1, IccRegister.Iar0));
        gic.WriteD(0, 3);
        Assert.True(gic.Gic.IrqLine(1));
    }

    /// <summary>Spec 1.5: the priority of a pending one follows its register.</summary>
    [Theory, MemberData(nameof(Profiles))]
    public void VC23_priorities_of_pending_ones_follow(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(0x104, 0x380);
        foreach (var spi in new[] { 39, 40, 41 })
        {
            gic.WriteD((ulong)(0x6000 + (spi * 8)), 1, 8);
            gic.WriteD((ulong)(0x400 + spi), 0xA0, 1);
        }

        gic.WriteD(Pending, 0x380);
        Assert.Equal(39, gic.Highest(1));
        gic.WriteD(0x429, 0x50, 1);
        Assert.Equal([41, 39, 40], gic.Deliver(1));
    }

    /// <summary>Spec 1.7: a resample eventfd hears of each deactivation of a level, whoever does it.</summary>
    [Fact]
    public void The_end_of_a_level_is_told()
    {
        var gic = Bench("kvm");
        gic.Gic.DriveSpi(Spi, true);
        gic.Acknowledge(1);
        Assert.Empty(gic.Ended);
        gic.End(1, Spi);
        Assert.Equal([Spi], gic.Ended);
        gic.Gic.DriveSpi(Spi, false);
        gic.WriteD(0xC08, 0x20000);
        Pulse(gic);
        Assert.Equal([Spi], gic.Deliver(1));
        Assert.Equal([Spi], gic.Ended);
    }

    /// <summary>Spec 1.3: only the configuration changes with ICFGR; latch and line are kept.</summary>
    [Fact]
    public void Configuration_keeps_latch_and_line()
    {
        var gic = Bench("kvm");
        gic.Gic.DriveSpi(Spi, true);
        gic.WriteD(0xC08, 0x20000);
        Assert.Equal((0ul, None), (gic.ReadD(Pending), gic.Highest(1)));
        gic.Gic.DriveSpi(Spi, false);
        gic.WriteD(0xC08, 0);
        Assert.Equal((0x100ul, Spi), (gic.ReadD(Pending), gic.Highest(1)));
        gic.Gic.DriveSpi(Spi, false);
        Assert.Equal(None, gic.Highest(1));
    }

    internal static void Pulse(GicBench gic)
    {
        gic.Gic.DriveSpi(Spi, true);
        gic.Gic.DriveSpi(Spi, false);
    }

    internal static GicBench Edge(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(0xC08, 0x20000);
        return gic;
    }

    /// <summary>S1, made to look like KVM where the profile is QEMU (spec 12.4).</summary>
    internal static GicBench Bench(string profile)
    {
        var gic = new GicBench(GicProfiles.Find(profile)).Spi40();
        gic.WriteD(0x84, uint.MaxValue);
        return gic;
    }
}
