using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Vectors V-D01 to V-D10 of spec gicv3-its 13.2: the distributor's registers. Each for KVM and for QEMU.</summary>
public sealed class DistributorVectorTests
{
    private const int Double = GicBench.Double;

    [Theory]
    [InlineData("kvm", 0x52ul)]
    [InlineData("qemu-11", 0x53ul)]
    public void VD01_control(string profile, ulong written)
    {
        var gic = Bench(profile);
        Assert.Equal(0x50ul, gic.ReadD(0));
        gic.WriteD(0, uint.MaxValue);
        Assert.Equal(written, gic.ReadD(0));
    }

    /// <summary>QEMU 7.2 counts the SPIs alone, 0x037A0007; 11 all.</summary>
    [Theory]
    [InlineData("kvm", true, 0x007A0008ul)]
    [InlineData("kvm", false, 0x00480008ul)]
    [InlineData("qemu-11", true, 0x037A0008ul)]
    public void VD02_type(string profile, bool hasIts, ulong type) => Assert.Equal(type, Bench(profile, hasIts).ReadD(4));

    [Theory]
    [InlineData(64, true, 0x7A0001ul)]
    [InlineData(64, false, 0x480001ul)]
    [InlineData(256, true, 0x7A0007ul)]
    [InlineData(256, false, 0x480007ul)]
    [InlineData(992, true, 0x7A001Eul)]
    [InlineData(992, false, 0x48001Eul)]
    public void Type_counts_what_there_is(int interrupts, bool hasIts, ulong type) =>
        Assert.Equal(type, new GicBench(GicProfiles.Kvm, GicTopology.Standard(1, hasIts) with { Interrupts = interrupts }).ReadD(4));

    [Theory]
    [InlineData("kvm", 0x4B00343Bul, 0xFFFFFFFFul)]
    [InlineData("qemu-11", 0x43Bul, 0ul)]
    public void VD03_identity_and_status(string profile, ulong identity, ulong status)
    {
        var gic = Bench(profile);
        gic.WriteD(8, 0);
        Assert.Equal((identity, 0ul, status), (gic.ReadD(8), gic.ReadD(0xC), gic.ReadD(0x10)));
    }

    [Theory]
    [InlineData("kvm", 0xF8F8F8F8ul, 0xF8F858F8ul)]
    [InlineData("qemu-11", 0xFFFFFFFFul, 0xFFFF5AFFul)]
    public void VD04_priorities_by_words_and_bytes(string profile, ulong all, ulong one)
    {
        var gic = Bench(profile);
        gic.WriteD(0x420, uint.MaxValue);
        Assert.Equal(all, gic.ReadD(0x420));
        gic.WriteD(0x421, 0x5A, 1);
        Assert.Equal(one, gic.ReadD(0x420));
        Assert.Equal((byte)(one >> 8), gic.ReadD(0x421, 1));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFFFul, 0xFFFFFFul)]
    [InlineData("qemu-11", ulong.MaxValue, 0x5_FFFFFFFFul)]
    public void VD05_routes(string profile, ulong all, ulong upper)
    {
        var gic = Bench(profile);
        gic.WriteD(0x6100, ulong.MaxValue, Double);
        Assert.Equal(all, gic.ReadD(0x6100, Double));
        gic.WriteD(0x6104, 5);
        Assert.Equal(upper, gic.ReadD(0x6100, Double));
    }

    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void VD06_config(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(0xC08, uint.MaxValue);
        Assert.Equal(0xAAAAAAAAul, gic.ReadD(0xC08));
    }

    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void VD07_enables(string profile)
    {
        var gic = Bench(profile);
        gic.WriteD(0x104, 0xF0);
        Assert.Equal((0xF0ul, 0xF0ul), (gic.ReadD(0x104), gic.ReadD(0x184)));
        gic.WriteD(0x184, 0x30);
        Assert.Equal(0xC0ul, gic.ReadD(0x104));
    }

    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void VD08_private_interrupts_are_not_the_distributors(string profile) => CheckEmpty(Bench(profile), 0x100, 0x200, 0x80);

    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void VD09_interrupts_that_do_not_exist(string profile) => CheckEmpty(Bench(profile), 0x124, 0x224, 0xA4, 0x324, 0x520, 0xC48, 0x6900);

    [Theory, InlineData("kvm"), InlineData("qemu-11")]
    public void VD10_neither_SGIs_nor_messages_by_the_distributor(string profile)
    {
        var gic = Bench(profile).S1();
        gic.WriteD(0x104, 0x100);
        gic.WriteD(0xF00, 0x01000003);
        gic.WriteD(0x40, 40);
        Assert.Equal(0ul, gic.ReadD(0x204));
        Assert.All(Enumerable.Range(0, 4), cpu => Assert.False(gic.Gic.IrqLine(cpu)));
    }

    /// <summary>Spec 3.1: widths that are not listed, and misaligned ones.</summary>
    [Theory]
    [InlineData(0x0ul, 1)]
    [InlineData(0x0ul, 2)]
    [InlineData(0x0ul, 8)]
    [InlineData(0x2ul, 4)]
    [InlineData(0x8ul, 8)]
    [InlineData(0x104ul, 1)]
    [InlineData(0x104ul, 8)]
    [InlineData(0x105ul, 4)]
    [InlineData(0x420ul, 2)]
    [InlineData(0x420ul, 8)]
    [InlineData(0x422ul, 4)]
    [InlineData(0x6100ul, 1)]
    [InlineData(0x6100ul, 2)]
    [InlineData(0x6104ul, 8)]
    [InlineData(0xFFE8ul, 8)]
    public void Accesses_that_are_not_listed_read_0_and_write_nothing(ulong offset, int size)
    {
        var gic = Bench("kvm");
        gic.WriteD(0x104, 0xF0);
        gic.WriteD(0x420, 0x80808080);
        var before = RawState.Save(gic.Gic.SyncState);
        Assert.Equal(0ul, gic.ReadD(offset, size));
        gic.WriteD(offset, ulong.MaxValue, size);
        Assert.Equal(before, RawState.Save(gic.Gic.SyncState));
        Assert.Equal(2, gic.Reports.Count(report => report.Report.Kind == ReportKind.Refused));
    }

    /// <summary>Spec 3.2, 4.1: registers that take such an access and have nothing to show for it.</summary>
    [Fact]
    public void Accesses_that_are_listed_are_not_refused()
    {
        var gic = Bench("kvm");
        Assert.Equal(0ul, gic.ReadD(0x820, 1));
        gic.WriteD(0x821, 1, 1);
        Assert.Equal(0ul, gic.ReadR(1, 0xA0, 8));
        gic.WriteR(1, 0xA0, 8195, 8);
        gic.WriteR(1, 0xB0, 0, 8);
        Assert.Empty(gic.Reports);
    }

    [Theory]
    [InlineData("kvm", "00 00 00 00 00 00 3B 00 00 00 00 00")]
    [InlineData("qemu-11", "44 00 00 00 92 B4 3B 00 0D F0 05 B1")]
    public void Identification(string profile, string bytes)
    {
        var gic = Bench(profile);
        var read = Enumerable.Range(0, 12).Select(i => gic.ReadD(0xFFD0 + ((ulong)i * 4)));
        Assert.Equal(bytes, string.Join(' ', read.Select(value => $"{value:X2}")));
    }

    /// <summary>Spec 3.2: the arrays that KVM knows and leaves empty.</summary>
    [Fact]
    public void Targets_modifiers_and_access_control_are_empty() => CheckEmpty(Bench("kvm"), 0x820, 0xD04, 0xE08, 0xF10, 0xF20, 0x1000, 0x5000, 0x8000, 0xFFC0);

    /// <summary>Spec 9.3: GICD_TYPER2 can be written with what it is.</summary>
    [Fact]
    public void TYPER2_by_user_space()
    {
        var gic = Bench("kvm");
        Assert.Equal((0, -16), (gic.Set(GicAttributes.DistributorRegisters, 0xC, 0), gic.Set(GicAttributes.DistributorRegisters, 0xC, 0x100)));
    }

    [Fact]
    public void Groups_are_1_at_reset_in_KVM_and_0_in_QEMU() =>
        Assert.Equal((0xFFFFFFFFul, 0ul), (Bench("kvm").ReadD(0x84), Bench("qemu-11").ReadD(0x84)));

    /// <summary>Spec 3.5: revision 1 fixes the groups.</summary>
    [Fact]
    public void Groups_are_fixed_with_revision_1()
    {
        var gic = Bench("kvm");
        gic.WriteD(0x84, 0xFFFFFFFE);
        Assert.Equal(0xFFFFFFFEul, gic.ReadD(0x84));
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, 8, 0x4B00143B));
        gic.WriteD(0x84, 0);
        Assert.Equal((0x4B00143Bul, 0xFFFFFFFFul), (gic.ReadD(8), gic.ReadD(0x84)));
        gic.WriteR(1, GicBench.SgiFrame + 0x80, 0);
        Assert.Equal(0xFFFFFFFFul, gic.ReadR(1, GicBench.SgiFrame + 0x80));
        Assert.Equal(0, gic.Set(GicAttributes.DistributorRegisters, 8, 0x4B00243B));
        gic.WriteR(1, GicBench.SgiFrame + 0x80, 0);
        Assert.Equal(0ul, gic.ReadR(1, GicBench.SgiFrame + 0x80));
    }

    private static GicBench Bench(string profile, bool hasIts = true) => new(GicProfiles.Find(profile), hasIts: hasIts);

    private static void CheckEmpty(GicBench gic, params ulong[] offsets) => Assert.All(offsets, offset =>
    {
        gic.WriteD(offset, uint.MaxValue);
        Assert.Equal(0ul, gic.ReadD(offset));
    });
}
