using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>SPIs that are with one CPU while another, or the distributor, does something to them.</summary>
public sealed class SpiOwnershipTests
{
    private const int Spi = 40;
    private const ulong Pending = 0x204;
    private const ulong Active = 0x304;
    private const ulong Route = 0x6000 + (Spi * 8);
    private const int None = GicBench.Spurious;

    /// <summary>B14: another vCPU sees the active state of an SPI that is being handled.</summary>
    [Fact]
    public void B14_active_state_is_seen_by_all()
    {
        var gic = SpiVectorTests.Edge("kvm");
        SpiVectorTests.Pulse(gic);
        Assert.Equal(0ul, gic.ReadD(Active));
        gic.Acknowledge(1);
        Assert.Equal((0x100ul, 0x100ul), (gic.ReadD(Active), gic.ReadD(0x384)));
        Assert.Equal(0x100ul, gic.Get(Trapline.Devices.Arm.Gic.GicAttributes.DistributorRegisters, Active));
        gic.End(1, Spi);
        Assert.Equal(0ul, gic.ReadD(Active));
    }

    /// <summary>B27: more active SPIs than any list register has, deactivated from another vCPU; each can be delivered again.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(200)]
    public void B27_many_active_ones_deactivated_elsewhere(int count)
    {
        var gic = Many(count, GicProfiles.Kvm);
        foreach (var spi in Enumerable.Range(32, count))
        {
            gic.Write(2, IccRegister.Dir, (ulong)spi);
        }

        Assert.All(Enumerable.Range(1, count / 32), word => Assert.Equal(0ul, gic.ReadD(0x300 + ((ulong)word * 4))));
        gic.Write(1, IccRegister.Ctlr, 0);
        foreach (var spi in Enumerable.Range(32, count))
        {
            gic.Gic.DriveSpi(spi, true);
        }

        Assert.Equal(Enumerable.Range(32, count), gic.Deliver(1));
    }

    [Fact]
    public void B27_before_2025_DIR_was_of_the_own_vCPU()
    {
        var gic = Many(2, GicProfiles.Kvm with { DirectReachesOtherCpus = false });
        gic.Write(2, IccRegister.Dir, 32);
        Assert.Equal(3ul, gic.ReadD(Active));
        gic.Write(1, IccRegister.Dir, 33);
        Assert.Equal(1ul, gic.ReadD(Active));
    }

    /// <summary>Spec 2.5: EOIR ends what is active on its own CPU; QEMU's ends it wherever it is.</summary>
    [Theory]
    [InlineData("kvm", 0x100ul)]
    [InlineData("qemu-11", 0ul)]
    public void EOIR_of_another_CPU(string profile, ulong active)
    {
        var gic = SpiVectorTests.Edge(profile);
        SpiVectorTests.Pulse(gic);
        Assert.Equal(Spi, gic.Acknowledge(1));
        gic.Write(2, IccRegister.Sgi1R, 0x0500_0004);
        Assert.Equal(5, gic.Acknowledge(2));
        gic.End(2, Spi);
        Assert.Equal(active, gic.ReadD(Active));
    }

    /// <summary>Spec 2.5: the number that is written to EOIR is looked at after the drop, unless it is a special one; QEMU ignores one that nothing has.</summary>
    [Theory]
    [InlineData("kvm", 287, 0xFFul)]
    [InlineData("kvm", 288, 0xFFul)]
    [InlineData("kvm", 1019, 0xFFul)]
    [InlineData("kvm", 1020, 0xA0ul)]
    [InlineData("kvm", 8000, 0xFFul)]
    [InlineData("qemu-11", 288, 0xA0ul)]
    [InlineData("qemu-11", 1019, 0xA0ul)]
    [InlineData("qemu-11", 8000, 0xA0ul)]
    public void EOIR_of_an_INTID_that_is_not_active(string profile, int interruptId, ulong running)
    {
        var gic = SpiVectorTests.Edge(profile);
        SpiVectorTests.Pulse(gic);
        Assert.Equal(Spi, gic.Acknowledge(1));
        Assert.Equal(0xA0ul, gic.Read(1, IccRegister.Rpr));
        gic.End(1, interruptId);
        Assert.Equal((running, 0x100ul), (gic.Read(1, IccRegister.Rpr), gic.ReadD(Active)));
    }

    /// <summary>Spec 1.4: an active one stays where it is; what comes meanwhile goes to the new target, once.</summary>
    [Fact]
    public void A_new_target_gets_what_came_while_active()
    {
        var gic = SpiVectorTests.Edge("kvm");
        SpiVectorTests.Pulse(gic);
        Assert.Equal(Spi, gic.Acknowledge(1));
        gic.WriteD(Route, 2, 8);
        SpiVectorTests.Pulse(gic);
        Assert.Equal((None, None), (gic.Highest(1), gic.Highest(2)));
        Assert.Equal((0x100ul, 0x100ul), (gic.ReadD(Pending), gic.ReadD(Active)));
        gic.End(1, Spi);
        Assert.Empty(gic.Deliver(1));
        Assert.Equal([Spi], gic.Deliver(2));
    }

    [Fact]
    public void What_is_pending_and_active_moves_its_pending_part()
    {
        var gic = SpiVectorTests.Edge("kvm");
        SpiVectorTests.Pulse(gic);
        Assert.Equal(Spi, gic.Acknowledge(1));
        SpiVectorTests.Pulse(gic);
        gic.WriteD(Route, 3, 8);
        gic.End(1, Spi);
        Assert.Empty(gic.Deliver(1));
        Assert.Equal([Spi], gic.Deliver(3));
    }

    /// <summary>A level that is disabled while active does not come again until it is enabled.</summary>
    [Fact]
    public void A_level_disabled_while_active_waits()
    {
        var gic = SpiVectorTests.Bench("kvm");
        gic.Gic.DriveSpi(Spi, true);
        Assert.Equal(Spi, gic.Acknowledge(1));
        gic.WriteD(0x184, 0x100);
        gic.End(1, Spi);
        Assert.Equal((None, 0x100ul), (gic.Highest(1), gic.ReadD(Pending)));
        Assert.Equal([Spi], gic.Ended);
        gic.WriteD(0x104, 0x100);
        Assert.Equal(Spi, gic.Acknowledge(1));
        gic.WriteD(0x184, 0x100);
        gic.WriteD(0x104, 0x100);
        gic.End(1, Spi);
        Assert.Equal(Spi, gic.Highest(1));
    }

    /// <summary>One whose active state was set by software, with a route to nobody, is ended by DIR from anywhere.</summary>
    [Fact]
    public void An_active_one_of_nobody()
    {
        var gic = SpiVectorTests.Edge("kvm");
        gic.WriteD(Route, 77, 8);
        gic.WriteD(Active, 0x100);
        SpiVectorTests.Pulse(gic);
        gic.Write(0, IccRegister.Ctlr, 2);
        gic.Write(0, IccRegister.Dir, Spi);
        Assert.Equal((0ul, 0x100ul), (gic.ReadD(Active), gic.ReadD(Pending)));
        gic.WriteD(Route, 0, 8);
        Assert.Equal([Spi], gic.Deliver(0));
    }

    /// <summary>The board reports what it keeps or hands over anew, the CPU what meets an interrupt that it has.</summary>
    [Fact]
    public void Each_event_is_reported_once()
    {
        var gic = SpiVectorTests.Edge("kvm");
        Assert.Equal("-1 Raised", Reported(gic));
        Assert.Equal("1 Coalesced", Reported(gic));
        gic.Acknowledge(1);
        Assert.Equal("1 Raised", Reported(gic));
        Assert.Equal("1 Coalesced", Reported(gic));
        gic.WriteD(0x184, 0x100);
        Assert.Equal("-1 Coalesced", Reported(gic));
        gic.End(1, Spi);
        gic.WriteD(0x284, 0x100);
        Assert.Equal("-1 Masked", Reported(gic));
        gic.Reports.Clear();
        gic.WriteD(0x104, 0x100);
        Assert.Empty(gic.Reports);
        gic.WriteD(Pending, 0x100);
        Assert.Equal([(-1, ReportKind.Coalesced)], gic.Reports.Select(report => (report.Vcpu, report.Report.Kind)));
    }

    /// <summary>Reading ISPENDR takes an interrupt from the CPU and gives it back: its order among others stays.</summary>
    [Fact]
    public void A_look_changes_nothing()
    {
        var gic = SpiVectorTests.Bench("kvm");
        gic.WriteD(0x104, 0x300);
        gic.WriteD(0x6000 + (41 * 8), 1, 8);
        gic.WriteD(0x429, 0xA0, 1);
        gic.Gic.DriveSpi(Spi, true);
        gic.Gic.DriveSpi(41, true);
        Assert.Equal(Spi, gic.Acknowledge(1));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal((0x300ul, 0x100ul), (gic.ReadD(Pending), gic.ReadD(Active)));
        }

        gic.Gic.DriveSpi(Spi, false);
        gic.Gic.DriveSpi(41, false);
        gic.End(1, Spi);
        Assert.Equal((None, 0ul, 0ul), (gic.Acknowledge(1), gic.ReadD(Pending), gic.ReadD(Active)));
    }

    /// <summary>What one more edge makes known, and by whom.</summary>
    private static string Reported(GicBench gic)
    {
        gic.Reports.Clear();
        SpiVectorTests.Pulse(gic);
        return string.Join(' ', gic.Reports.Select(report => $"{report.Vcpu} {report.Report.Kind}"));
    }

    /// <summary>So many SPIs from 32 on, active on CPU 1, their priority dropped.</summary>
    private static GicBench Many(int count, GicProfile profile)
    {
        var gic = new GicBench(profile).S1();
        foreach (var cpu in new[] { 1, 2 })
        {
            gic.Write(cpu, IccRegister.Ctlr, 2);
        }

        for (var word = 1ul; word <= 8; word++)
        {
            gic.WriteD(0x100 + (word * 4), uint.MaxValue);
            gic.WriteD(0xC00 + (word * 8), uint.MaxValue);
            gic.WriteD(0xC04 + (word * 8), uint.MaxValue);
        }

        foreach (var spi in Enumerable.Range(32, count))
        {
            gic.WriteD((ulong)(0x6000 + (spi * 8)), 1, 8);
            gic.Gic.DriveSpi(spi, true);
            Assert.Equal(spi, gic.Acknowledge(1));
            gic.End(1, spi);
        }

        return gic;
    }
}
