using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>What QEMU's own model does where neither the vectors of the specification nor the recordings look.</summary>
public sealed class QemuSourceTests
{
    private const string Qemu = "qemu-11";

    /// <summary>GICD_TYPER.IDbits is a constant; LPIS, GICR_TYPER.PLPIS and GICR_CTLR.CES go with the property has-lpi.</summary>
    [Fact]
    public void Without_an_ITS_there_are_no_LPIs_but_16_bits_of_INTID()
    {
        var gic = new GicBench(GicProfiles.Qemu11, hasIts: false);
        Assert.Equal((0x0378_0008ul, 0x0100_0000ul, 0ul), (gic.ReadD(4), gic.ReadR(0, 8), gic.ReadR(0, 0)));
        gic.WriteR(0, 0, 1);
        Assert.Equal(0ul, gic.ReadR(0, 0));
    }

    /// <summary>An INTID that the distributor has not, or an LPI where there are none, ends nothing.</summary>
    [Theory]
    [InlineData(Qemu, true, 287, true)]
    [InlineData(Qemu, true, 288, false)]
    [InlineData(Qemu, true, 1019, false)]
    [InlineData(Qemu, true, 1024, false)]
    [InlineData(Qemu, true, 8192, true)]
    [InlineData(Qemu, false, 8192, false)]
    [InlineData("kvm", true, 288, true)]
    public void An_end_of_what_there_is_not(string profile, bool hasIts, int ended, bool drops)
    {
        var gic = new GicBench(GicProfiles.Find(profile)!, hasIts: hasIts).S1();
        gic.Write(0, IccRegister.Sgi1R, 1ul | (5 << 24));
        Assert.Equal(5, gic.Acknowledge(0));
        gic.End(0, ended);
        Assert.Equal(drops ? 0xFFul : 0xA0ul, gic.Read(0, IccRegister.Rpr));
    }

    /// <summary>An end drops a priority of the group of its register, where both groups have the most urgent one.</summary>
    [Theory, InlineData(Qemu, 0ul, 0x40ul), InlineData("kvm", 0x40ul, 0ul)]
    public void Both_groups_active_at_one_priority(string profile, ulong group0, ulong group1)
    {
        var gic = new GicBench(GicProfiles.Find(profile)!).S1();
        gic.Write(0, IccRegister.Ap0R0, 0x40);
        gic.Write(0, IccRegister.Ap1R0, 0x40);
        gic.Write(0, IccRegister.Eoir0, 40);
        Assert.Equal((group0, group1), (gic.Read(0, IccRegister.Ap0R0), gic.Read(0, IccRegister.Ap1R0)));
    }

    /// <summary>With CBPR, BPR0 = 7 leaves group 1 no group priority: nothing preempts, and the first level is active.</summary>
    [Theory, InlineData(Qemu, 1ul, 1023), InlineData("kvm", 1ul << 16, 2)]
    public void A_common_binary_point_of_7(string profile, ulong active, int acknowledged)
    {
        var gic = new GicBench(GicProfiles.Find(profile)!).S1();
        gic.Write(0, IccRegister.Ctlr, 1);
        gic.Write(0, IccRegister.Bpr0, 7);
        Assert.Equal(7ul, gic.Read(0, IccRegister.Bpr1));
        gic.WriteR(0, GicBench.SgiFrame + 0x402, 0x40, 1);
        gic.Write(0, IccRegister.Sgi1R, 1ul | (1 << 24));
        Assert.Equal(1, gic.Acknowledge(0));
        Assert.Equal(active, gic.Read(0, IccRegister.Ap1R0));
        gic.Write(0, IccRegister.Sgi1R, 1ul | (2 << 24));
        Assert.Equal(acknowledged, gic.Acknowledge(0));
    }

    /// <summary>RDbase of MOVALL has 36 bits: one beyond 32 is none of a vCPU.</summary>
    [Theory, InlineData(0x0001_0000_0000ul, 0x010E01, "3:8195"), InlineData(0ul, 0, "1:8195")]
    public void MOVALL_from_beyond_32_bits(ulong beyond, int result, string delivered)
    {
        var bench = ItsBench.Qemu.Map();
        bench.Mask(3);
        bench.Send(ItsBench.Int(2, 20));
        var command = ItsBench.Movall(3, 1);
        Assert.Equal(result, bench.Send(command with { Word2 = command.Word2 | (beyond << 16) }));
        bench.Unmask(3);
        Assert.Equal(delivered, bench.DeliverAll());
    }

    /// <summary>INV makes QEMU look at all pending LPIs of the CPU again: also at those whose property has changed without one.</summary>
    [Theory, InlineData(0xA2, "3:8195"), InlineData(0x83, "3:8197 3:8195"), InlineData(0xA3, "3:8195 3:8197")]
    public void INV_of_another_LPI_of_the_CPU(byte property, string delivered)
    {
        var bench = ItsBench.Qemu.Map();
        bench.Mask(3);
        bench.Send(ItsBench.Mapti(2, 21, 8197, 3), ItsBench.Int(2, 20), ItsBench.Int(2, 21));
        bench.SetProperty(8197, property);
        bench.Send(ItsBench.Inv(2, 20));
        bench.Unmask(3);
        Assert.Equal(delivered, bench.DeliverAll());
    }

    /// <summary>Stalled is in the low half of GITS_CREADR: a write of the high half leaves it.</summary>
    [Theory, InlineData(0x94ul, 0x41ul), InlineData(0x90ul, 0x0ul)]
    public void Stalled_goes_with_the_low_half(ulong offset, ulong read)
    {
        var bench = ItsBench.Qemu.SetUp();
        bench.SendAtOnce(ItsBench.Mapd(4, 0x6000_0000, 7), ItsBench.Mapc(3, 3), ItsBench.Mapti(4, 0, 8210, 3));
        Assert.Equal(0x41ul, bench.R64(0x90));
        bench.W32(offset, 0);
        Assert.Equal(read, bench.R64(0x90));
    }

    /// <summary>The entries of an indirect table are counted in 32 bits: 64 pages of 64 KiB of pages of 8192 are 2^32.</summary>
    [Theory, InlineData(63u, ItsErrors.MapdDeviceOutOfRange), InlineData(62u, 0), InlineData(64u, 0)]
    public void An_indirect_table_of_64_pages_has_no_entries(uint pages, int result)
    {
        var bench = ItsBench.Qemu.SetUp();
        bench.W32(0, 0);
        bench.W64(0x100, 0xC000_0000_4210_0200 | pages);
        bench.W32(0, 1);
        bench.Ram[ItsBench.DeviceTable] = 0x8000_0000_4211_0000;
        Assert.Equal(result, bench.Send(ItsBench.Mapd(5, ItsBench.Itt(2), 7)));
    }

    /// <summary>A page of the second level is where bits 50:0 say, aligned or not.</summary>
    [Fact]
    public void A_second_level_that_is_not_aligned()
    {
        var bench = ItsBench.Qemu.SetUp();
        bench.W32(0, 0);
        bench.W64(0x100, 0xC000_0000_4210_0200);
        bench.W32(0, 1);
        bench.Ram[ItsBench.DeviceTable] = 0x8000_0000_4211_1040;
        Assert.Equal(0, bench.Send(ItsBench.Mapd(5, ItsBench.Itt(2), 7)));
        Assert.Equal((0ul, 1ul), (bench.Ram[0x4211_0000 + 40], bench.Ram[0x4211_1040 + 40] & 1));
    }
}
