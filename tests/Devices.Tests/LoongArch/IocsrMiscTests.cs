using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The identification registers and MISC_FUNC, section 1.4, and MISC_FUNC against a real EIOINTC.</summary>
public sealed class IocsrMiscTests
{
    private const ulong Enable = 1ul << 48;
    private const ulong Encode = 1ul << 49;

    [Theory]
    [InlineData(0x00ul, 0x11ul, "VERSION")]
    [InlineData(0x08ul, 0x81Cul, "FEATURES")]
    [InlineData(0x10ul, 0x6E6F73676E6F6F4Cul, "VENDOR")]
    [InlineData(0x20ul, 0x303030354133ul, "CPUNAME")]
    [InlineData(0x18ul, 0ul, null)]
    [InlineData(0x04ul, 0ul, null)]
    public void The_machine_is_named(ulong address, ulong expected, string? name)
    {
        Assert.Equal(expected, Of("kvm").Read(address, 8, 0));
        Assert.Equal(name, IocsrMiscRegisters.NameOf(address));
    }

    [Theory]
    [InlineData("kvm", 0x81Cul)]
    [InlineData("kvm-6.13", 0x81Cul)]
    [InlineData("qemu-11", 0x1Cul)]
    [InlineData("qemu-7.2", 0x1Cul)]
    public void S1_4_only_kvm_says_that_the_machine_is_virtual(string profile, ulong expected) =>
        Assert.Equal(expected, Of(profile).Read(0x08, 4, 0));

    [Theory]
    [InlineData("kvm", true, 0ul)]
    [InlineData("kvm", false, Enable)]
    [InlineData("qemu-11", true, 0ul)]
    [InlineData("qemu-11", false, Enable)]
    [InlineData("qemu-7.2", true, Enable)]
    public void D11_MISC_FUNC_shows_VIRT_CONFIG_where_there_is_one(string profile, bool extension, ulong expected)
    {
        var misc = Of(profile, extension);
        Assert.Equal(expected, misc.Read(0x420, 8, 0));
        Assert.Equal(expected == 0, misc.NeedsVirtualConfig(0x420, 8));
        Assert.Equal(expected == 0, misc.Write(0x420, 8, Enable, out _));
    }

    [Theory]
    [InlineData(0u, 0ul)]
    [InlineData(2u, Enable)]
    [InlineData(4u, Encode)]
    [InlineData(14u, Enable | Encode)]
    [InlineData(9u, 0ul)]
    public void MISC_FUNC_reads_two_bits_of_VIRT_CONFIG(uint config, ulong expected) =>
        Assert.Equal(expected, Of("kvm").Read(0x420, 8, config));

    [Theory]
    [InlineData(0ul, 0u)]
    [InlineData(Enable, 2u)]
    [InlineData(Encode, 4u)]
    [InlineData(ulong.MaxValue, 6u)]
    public void A_write_of_MISC_FUNC_adds_to_VIRT_CONFIG(ulong value, uint expected)
    {
        Assert.True(Of("kvm").Write(0x420, 8, value, out var add));
        Assert.Equal(expected, add);
    }

    /// <summary>As the recordings have it: r VIRT_CONFIG 0, w VIRT_CONFIG 2, and for the next CPU r 2, w 2.</summary>
    [Theory]
    [InlineData("qemu-11")]
    [InlineData("kvm")]
    public void Linux_enables_the_extended_interrupts_through_MISC_FUNC(string profile)
    {
        var bench = MachineBench.WithIds(profile, features: 0xBu);
        var misc = Of(profile);
        foreach (var (before, after) in new[] { (0u, 2u), (2u, 2u) })
        {
            Assert.Equal(before, bench.Read4(0, 0x40000004));
            Assert.True(misc.Write(0x420, 8, misc.Read(0x420, 8, before) | Enable, out var add));
            bench.Write4(0, 0x40000004, before | add);
            Assert.Equal(after, bench.Read4(0, 0x40000004));
            Assert.Equal(Enable, misc.Read(0x420, 8, after));
        }
    }

    [Fact]
    public void Narrow_accesses_and_other_addresses_are_refused()
    {
        var host = new RecordingHost();
        var misc = new IocsrMisc(host, LoongArchProfiles.Kvm, virtualExtension: true);
        Assert.Equal(0ul, misc.Read(0x00, 2, 0));
        Assert.False(misc.Write(0x08, 8, 1, out _));
        Assert.False(misc.Write(0x420, 1, 1, out _));
        Assert.True(misc.Write(0x420, 4, uint.MaxValue, out var add));
        Assert.Equal(0u, add);
        Assert.Equal([ReportKind.Refused, ReportKind.Refused, ReportKind.Refused], host.Reports.Select(report => report.Kind));
    }

    [Theory]
    [InlineData("kvm", 0x6E6F6F4Cul)]
    [InlineData("kvm-6.16", 0x6E6F6F4Cul)]
    public void Four_bytes_are_the_low_four(string profile, ulong expected) => Assert.Equal(expected, Of(profile).Read(0x10, 4, 0));

    private static IocsrMisc Of(string profile, bool extension = true) =>
        new(new RecordingHost(), LoongArchProfiles.Find(profile)!, extension);
}
