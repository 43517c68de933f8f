using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-D11 to V-D20 of spec gicv3-its 13.2: redistributors. Each for KVM and, where it says so, for QEMU.</summary>
public sealed class RedistributorVectorTests
{
    private const int Double = GicBench.Double;
    private const ulong Sgi = GicBench.SgiFrame;
    private const ulong TypeLow = 8;

    private static readonly int[] UnorderedIds = [0, 3, 5, 4, 1, 2];

    [Theory]
    [InlineData("kvm", 0ul)]
    [InlineData("qemu-11", 0x01000000ul)]
    public void VD11_type(string profile, ulong extra)
    {
        var gic = Bench(profile);
        Assert.Equal(
            (0x1 + extra, 0x0000000100000101 + extra, 0x0000000300000311 + extra),
            (gic.ReadR(0, 8, Double), gic.ReadR(1, 8, Double), gic.ReadR(3, 8, Double)));
        Assert.Equal((0x311 + extra, 3ul), (gic.ReadR(3, 8), gic.ReadR(3, 12)));
    }

    [Theory]
    [InlineData("kvm", 0ul, 0ul)]
    [InlineData("qemu-11", 6ul, 6ul)]
    public void VD12_waker(string profile, ulong reset, ulong asleep)
    {
        var gic = Bench(profile);
        Assert.Equal(reset, gic.ReadR(0, 0x14));
        gic.WriteR(0, 0x14, 0);
        Assert.Equal(0ul, gic.ReadR(0, 0x14));
        gic.WriteR(0, 0x14, uint.MaxValue);
        Assert.Equal(asleep, gic.ReadR(0, 0x14));
    }

    [Fact]
    public void VD13_table_bases_of_KVM_are_made_sane_and_the_properties_shared()
    {
        var gic = Bench("kvm");
        Assert.Equal((0x580ul, 0x580ul), (gic.ReadR(0, 0x70, Double), gic.ReadR(0, 0x78, Double)));
        gic.WriteR(0, 0x70, 0x4240000F, Double);
        Assert.Equal(0x4240018Ful, gic.ReadR(1, 0x70, Double));
        gic.WriteR(0, 0x78, 0x4000000042500000, Double);
        Assert.Equal((0x42500180ul, 0x580ul), (gic.ReadR(0, 0x78, Double), gic.ReadR(1, 0x78, Double)));
    }

    [Fact]
    public void VD13_table_bases_of_QEMU_are_kept_as_written_by_each()
    {
        var gic = Bench("qemu-11");
        Assert.Equal((0ul, 0ul), (gic.ReadR(0, 0x70, Double), gic.ReadR(0, 0x78, Double)));
        gic.WriteR(0, 0x70, 0x4240000F, Double);
        gic.WriteR(0, 0x78, 0x4000000042500000, Double);
        Assert.Equal((0x4240000Ful, 0x4000000042500000ul), (gic.ReadR(0, 0x70, Double), gic.ReadR(0, 0x78, Double)));
        Assert.Equal(0ul, gic.ReadR(1, 0x70, Double));
    }

    /// <summary>Spec 4.4, 4.5: the examples.</summary>
    [Theory]
    [InlineData(0x70ul, ulong.MaxValue, 0x000FFFFFFFFFFF9Ful)]
    [InlineData(0x70ul, 0ul, 0x180ul)]
    [InlineData(0x78ul, ulong.MaxValue, 0x000FFFFFFFFF0F80ul)]
    public void Table_bases_of_KVM(ulong offset, ulong written, ulong read)
    {
        var gic = Bench("kvm");
        gic.WriteR(2, offset, written, Double);
        Assert.Equal(read, gic.ReadR(2, offset, Double));
    }

    [Fact]
    public void Table_bases_can_be_written_by_halves()
    {
        var gic = Bench("kvm");
        gic.WriteR(0, 0x78, 0x42500000);
        gic.WriteR(0, 0x7C, 0x40000001);
        Assert.Equal(0x00000001_42500180ul, gic.ReadR(0, 0x78, Double));
        gic.WriteR(0, 0x74, 0xF);
        Assert.Equal((0x0000000F_00000580ul, 0xFul), (gic.ReadR(0, 0x70, Double), gic.ReadR(0, 0x74)));
    }

    [Theory]
    [InlineData("kvm", 6ul, 7ul)]
    [InlineData("qemu-11", 2ul, 3ul)]
    public void VD14_control(string profile, ulong off, ulong on)
    {
        var gic = Bench(profile);
        gic.WriteR(0, 0x78, GicBench.PendingTable(0), Double);
        var before = gic.ReadR(0, 0x78, Double);
        Assert.Equal(off, gic.ReadR(0, 0));
        gic.WriteR(0, 0, 1);
        Assert.Equal(on, gic.ReadR(0, 0));
        gic.WriteR(0, 0x78, 0, Double);
        Assert.Equal(profile == "kvm" ? before : 0, gic.ReadR(0, 0x78, Double));
        gic.WriteR(0, 0, 0);
        Assert.Equal(off, gic.ReadR(0, 0));
    }

    /// <summary>Spec 4.4: another redistributor may change the shared register. Do: allow.</summary>
    [Fact]
    public void Properties_are_locked_by_the_own_LPIs_alone()
    {
        var gic = Bench("kvm");
        gic.WriteR(0, 0, 1);
        gic.WriteR(0, 0x70, 0x4240000F, Double);
        Assert.Equal(0x580ul, gic.ReadR(0, 0x70, Double));
        gic.WriteR(1, 0x70, 0x4240000F, Double);
        Assert.Equal(0x4240018Ful, gic.ReadR(0, 0x70, Double));
    }

    [Fact]
    public void VD15_without_an_ITS_there_are_no_LPIs()
    {
        var gic = new GicBench(hasIts: false);
        gic.WriteR(0, 0, 1);
        Assert.Equal((6ul, 0ul, 0ul), (gic.ReadR(0, 0), gic.ReadR(0, 8) & 1, gic.ReadR(0, 0x70, Double)));
        Assert.Equal(0, gic.Gic.CreateIts());
        gic.WriteR(0, 0, 1);
        Assert.Equal((7ul, 1ul, 0x580ul), (gic.ReadR(0, 0), gic.ReadR(0, 8) & 1, gic.ReadR(0, 0x70, Double)));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFul, 0ul)]
    [InlineData("qemu-11", 0ul, 0xAAAAAAAAul)]
    public void VD16_private_enables_and_config(string profile, ulong enabled, ulong writable)
    {
        var gic = Bench(profile);
        Assert.Equal((enabled, 0xAAAAAAAAul, 0ul), (gic.ReadR(0, Sgi + 0x100), gic.ReadR(0, Sgi + 0xC00), gic.ReadR(0, Sgi + 0xC04)));
        gic.WriteR(0, Sgi + 0xC04, uint.MaxValue);
        Assert.Equal(writable, gic.ReadR(0, Sgi + 0xC04));
    }

    [Fact]
    public void VD17_Last_with_several_regions()
    {
        var gic = Unordered();
        gic.Gic.AddRegion(new RedistributorRegion(0x100000, 2, HasExplicitCount: true));
        gic.Gic.AddRegion(new RedistributorRegion(0x240000, 2, HasExplicitCount: true));
        gic.Gic.AddRegion(new RedistributorRegion(0x200000, 2, HasExplicitCount: true));
        Assert.Equal("000 310 500 410 100 200", TypesByCreation(gic));
    }

    /// <summary>Before its region is full the latest one is the last; without a region none is.</summary>
    [Fact]
    public void VD17_Last_while_regions_are_added()
    {
        var gic = Unordered();
        Assert.Equal("000 300 500 400 100 200", TypesByCreation(gic));
        gic.Gic.AddRegion(new RedistributorRegion(0x100000, 4, HasExplicitCount: true));
        Assert.Equal("000 300 500 410 100 200", TypesByCreation(gic));
        gic.Gic.AddRegion(new RedistributorRegion(0x180000, 3, HasExplicitCount: true));
        Assert.Equal("000 300 500 400 100 210", TypesByCreation(gic));
    }

    [Fact]
    public void VD18_Last_with_the_one_region_of_before()
    {
        var gic = Unordered();
        gic.Gic.AddRegion(new RedistributorRegion(0x10000, 6, HasExplicitCount: false));
        Assert.Equal("000 300 500 400 100 210", TypesByCreation(gic));
    }

    /// <summary>The half before INIT is the VM's.</summary>
    [Fact]
    public void VD19_registers_of_an_unknown_vCPU() =>
        Assert.Equal(-22, Unordered().Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(9, 8), out _));

    [Fact]
    public void VD20_INVLPIR()
    {
        var gic = new GicBench().S2();
        Assert.Equal((0, 0, 0), (gic.MapDevice(2), gic.MapCollection(3, 3), gic.MapEvent(2, 20, 8195, 3)));
        gic.SetProperty(8195, 0xA2);
        gic.WriteR(3, 0xA0, 8195, Double);
        gic.Int(2, 20);
        gic.SetProperty(8195, 0xA3);
        Assert.Empty(gic.Deliver(3));
        gic.WriteR(3, 0xA4, 8195);
        Assert.Empty(gic.Deliver(3));
        gic.WriteR(3, 0xA0, 8195, Double);
        Assert.Equal([8195], gic.Deliver(3));
        Assert.Equal((0ul, 0ul, 0ul), (gic.ReadR(3, 0xC0), gic.ReadR(3, 0xA0), gic.ReadR(3, 0xB0)));
    }

    /// <summary>Spec 4.6: INVALLR is of this redistributor's LPIs, and of one whose LPIs are on.</summary>
    [Fact]
    public void INVALLR_reads_the_properties_of_its_own_LPIs()
    {
        var gic = new GicBench().S2();
        Assert.Equal((0, 0, 0), (gic.MapDevice(2), gic.MapCollection(3, 3), gic.MapEvent(2, 20, 8195, 3)));
        gic.SetProperty(8195, 0xA2);
        gic.WriteR(2, 0xB0, 0);
        gic.Int(2, 20);
        Assert.Equal([8195], gic.Deliver(3));
        gic.WriteR(3, 0xB0, 0);
        gic.Int(2, 20);
        Assert.Empty(gic.Deliver(3));
    }

    /// <summary>Spec 4.3, B33: what was pending when LPIs were turned off does not come back, table or not; V-I37.</summary>
    [Theory, InlineData(0ul), InlineData(1ul << 62)]
    public void B33_LPIs_that_are_turned_off_are_forgotten(ulong zero)
    {
        var gic = new GicBench().S2();
        Assert.Equal((0, 0, 0), (gic.MapDevice(2), gic.MapCollection(3, 3), gic.MapEvent(2, 20, 8195, 3)));
        gic.Write(3, Trapline.Devices.Arm.Cpu.IccRegister.Pmr, 0);
        gic.Int(2, 20);
        gic.WriteR(3, 0, 0);
        gic.WriteR(3, 0x78, GicBench.PendingTable(3) | zero, Double);
        gic.WriteR(3, 0, 1);
        gic.Write(3, Trapline.Devices.Arm.Cpu.IccRegister.Pmr, 0xF0);
        Assert.Empty(gic.Deliver(3));
        gic.Int(2, 20);
        Assert.Equal([8195], gic.Deliver(3));
    }

    [Fact]
    public void VM21_a_revision_is_chosen_by_user_space()
    {
        var gic = Bench("kvm");
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, 8, 0x4B00243B));
        Assert.Equal((0x4B00243Bul, 0ul), (gic.ReadD(8), gic.ReadR(0, 0)));
        Assert.Equal((-22, -22), (gic.Set(GicAttributes.DistributorRegisters, 8, 0x4B00443B), gic.Set(GicAttributes.DistributorRegisters, 8, 0x4C00343B)));
        Assert.Equal(0x4B00243Bul, gic.Get(GicAttributes.DistributorRegisters, 8));
    }

    [Fact]
    public void VM21_before_2026_it_was_chosen_in_vain()
    {
        var gic = new GicBench(GicProfiles.Kvm with { RevisionWriteIgnored = true });
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, 8, 0x4B00243B));
        Assert.Equal(0x4B00343Bul, gic.ReadD(8));
    }

    [Theory]
    [InlineData("kvm", "00 00 00 00 00 00 3B 00 00 00 00 00")]
    [InlineData("qemu-11", "44 00 00 00 93 B4 3B 00 0D F0 05 B1")]
    public void Identification(string profile, string bytes)
    {
        var gic = Bench(profile);
        var read = Enumerable.Range(0, 12).Select(i => gic.ReadR(1, 0xFFD0 + ((ulong)i * 4)));
        Assert.Equal(bytes, string.Join(' ', read.Select(value => $"{value:X2}")));
        Assert.Equal(profile == "kvm" ? 0x4B00043Bul : 0x43Bul, gic.ReadR(1, 4));
    }

    private static GicBench Bench(string profile) => new(GicProfiles.Find(profile));

    private static GicBench Unordered() => new(GicProfiles.Kvm, new GicTopology(UnorderedIds, 64, [], []));

    /// <summary>Low word of GICR_TYPER by REDIST_REGS, in the order of creation.</summary>
    private static string TypesByCreation(GicBench gic) =>
        string.Join(' ', UnorderedIds.Select(id => $"{gic.Get(GicAttributes.RedistributorRegisters, GicAttributes.OfRedistributor(id, (uint)TypeLow)):X3}"));
}
