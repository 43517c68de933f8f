using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Section 12.4 as far as PCH-MSI and PCH-PIC decide it, and the doorbell.</summary>
public sealed class PchMsiTests
{
    [Fact]
    public void M1_a_signalled_message_is_a_vector()
    {
        var bench = WithAllEnabled("kvm");
        Assert.Equal(0, bench.Msi.Signal(64));
        Assert.Equal((1u, "{HWI0}"), (bench.Machine.Pending(0, word: 2), bench.Lines));
    }

    [Theory]
    [InlineData("qemu-7.2")]
    [InlineData("qemu-11")]
    public void M1_a_write_to_the_doorbell_is_a_vector(string profile)
    {
        var bench = WithAllEnabled(profile);
        Assert.Equal(AccessOutcome.Done, bench.Msi.Write(0, 4, 0xABCDEF40));
        Assert.Equal((1u, "{HWI0}"), (bench.Machine.Pending(0, word: 2), bench.Lines));
    }

    [Fact]
    public void M2_a_message_below_the_first_vector_reaches_the_pic_range_in_kvm_only()
    {
        var kvm = WithAllEnabled("kvm");
        Assert.Equal(0, kvm.Msi.Signal(37));
        Assert.Equal(0x20u, kvm.Machine.Pending(0, word: 1));

        var qemu = WithAllEnabled("qemu-7.2");
        qemu.Msi.Write(0, 4, 37);
        Assert.Equal(0u, qemu.Machine.Pending(0, word: 1));
        Assert.Equal(ReportKind.Refused, Assert.Single(qemu.Host.Reports).Kind);
    }

    [Fact]
    public void M3_two_messages_before_one_acknowledgement_are_one()
    {
        var bench = WithAllEnabled("kvm");
        bench.Msi.Signal(64);
        bench.Msi.Signal(64);
        bench.Machine.Write4(0, 0x1808, 1);
        Assert.Equal((0u, "{}"), (bench.Machine.Pending(0, word: 2), bench.Lines));
    }

    [Fact]
    public void M6_an_irqfd_never_lowers_a_level_pin()
    {
        var bench = PicBench.Standard("kvm");
        bench.Write(0x20, 4, 0xFFFFFFFB);
        bench.Pin(2, 1);
        bench.AcknowledgeAtEiointc(4);
        Assert.Equal("{}", bench.Lines);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        bench.Write(0x20, 4, 0xFFFFFFFB);
        Assert.Equal((4ul, 4ul, 4u, "{HWI0}"), bench.State);
    }

    [Fact]
    public void D22_the_first_vector_of_messages_is_the_profiles()
    {
        var host = new RecordingHost();
        var msi = new PchMsi(host, LoongArchProfiles.Kvm with { FirstMessageVector = 64 });
        msi.Write(0, 4, 63);
        Assert.Equal([new DeviceReport(ReportKind.Refused, 63, AccessDetail.Of(0, 4, true))], host.Reports);
        new PchMsi(host, LoongArchProfiles.Kvm).Write(0, 4, 63);
        Assert.True(host.Level(63));
    }

    [Fact]
    public void F20_a_message_of_256_and_more_is_EINVAL_and_goes_nowhere()
    {
        var bench = WithAllEnabled("kvm");
        Assert.Equal(Errno.InvalidArgument, bench.Msi.Signal(256));
        Assert.Equal(Errno.InvalidArgument, bench.Msi.Signal(uint.MaxValue));
        Assert.Equal("{}", bench.Lines);
        Assert.All(bench.Host.Reports, report => Assert.Equal(ReportKind.Refused, report.Kind));
    }

    [Fact]
    public void Eight_bytes_to_the_doorbell_are_two_messages()
    {
        var bench = WithAllEnabled("qemu-11");
        bench.Msi.Write(0, 8, 0x00000041_00000040);
        Assert.Equal(["pin 64 high", "pin 65 high"], bench.Host.Log.Where(line => line.StartsWith("pin", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_doorbell_reads_0_and_covers_eight_bytes()
    {
        Assert.Equal(AccessOutcome.Done, PchMsi.Read(4, 4, out var value));
        Assert.Equal(0ul, value);
        Assert.True(PchMsi.Covers(0, 8));
        Assert.False(PchMsi.Covers(4, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => WithAllEnabled("kvm").Msi.Write(8, 4, 64));
    }

    private static PicBench WithAllEnabled(string profile)
    {
        var bench = new PicBench(profile);
        for (ulong word = 0; word < 8; word++)
        {
            bench.Machine.Write4(0, 0x1600 + (word * 4), 0xFFFFFFFF);
        }

        return bench;
    }
}
