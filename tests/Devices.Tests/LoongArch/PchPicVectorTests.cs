using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of section 12.3, each in all the profiles that it names.</summary>
public sealed class PchPicVectorTests
{
    private const string None = "{}";
    private const string Hwi0 = "{HWI0}";

    private static readonly (ulong, ulong, uint, string) Idle = (0, 0, 0, None);
    private static readonly (ulong, ulong, uint, string) Pin2 = (4, 4, 4, Hwi0);

    public static TheoryData<string> All => [.. LoongArchProfiles.All.Select(profile => profile.Name)];

    public static TheoryData<string> Kvm => ["kvm", "kvm-6.18", "kvm-6.17", "kvm-6.16", "kvm-6.13"];

    public static TheoryData<string> NewKvm => ["kvm", "kvm-6.18"];

    public static TheoryData<string> OldKvm => ["kvm-6.17", "kvm-6.16", "kvm-6.13"];

    public static TheoryData<string> Qemu => ["qemu-11", "qemu-7.2"];

    /// <summary>All but QEMU 7.2.</summary>
    public static TheoryData<string> KvmAndQemu11 => ["kvm", "kvm-6.18", "kvm-6.17", "kvm-6.16", "kvm-6.13", "qemu-11"];

    [Theory]
    [InlineData("kvm", 0x001F0001u)]
    [InlineData("kvm-6.18", 0x001F0001u)]
    [InlineData("qemu-11", 0x001F0001u)]
    [InlineData("qemu-7.2", 0x003F0001u)]
    public void P1_INT_ID_has_identity_version_and_number_of_pins(string profile, uint high)
    {
        var bench = new PicBench(profile);
        Assert.Equal(0x07000000ul, bench.Read(0, 4));
        Assert.Equal(high, bench.Read(4, 4));
        Assert.Equal(((ulong)high << 32) | 0x07000000, bench.Read(0, 8));
    }

    [Theory, MemberData(nameof(NewKvm))]
    public void P1_INT_ID_by_bytes(string profile)
    {
        var bench = new PicBench(profile);
        Assert.Equal((0x07ul, 0x1Ful), (bench.Read(3, 1), bench.Read(6, 1)));
    }

    [Theory, MemberData(nameof(OldKvm))]
    public void P1_the_old_kernels_give_INT_ID_from_its_start(string profile)
    {
        var bench = new PicBench(profile);
        Assert.Equal(0x07000000ul, bench.Read(4, 4));
        Assert.Equal(0x001F0001_07000000ul, bench.Read(0, 8));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFFFFFul, 5ul, 1ul, 0ul)]
    [InlineData("kvm-6.18", 0xFFFFFFFFul, 5ul, 1ul, 0ul)]
    [InlineData("kvm-6.16", 0ul, 0ul, 1ul, 1ul)]
    [InlineData("kvm-6.13", 0ul, 0ul, 1ul, 1ul)]
    [InlineData("qemu-11", 0xFFFFFFFFul, 0ul, 1ul, 1ul)]
    [InlineData("qemu-7.2", 0xFFFFFFFFul, 0ul, 1ul, 1ul)]
    public void P2_reset_values(string profile, ulong mask, ulong vector5, ulong route5, ulong route37)
    {
        var bench = new PicBench(profile);
        Assert.Equal(mask, bench.Read(0x20, 4));
        Assert.Equal(mask, bench.Read(0x24, 4));
        Assert.Equal((vector5, route5, route37), (bench.Read(0x205, 1), bench.Read(0x105, 1), bench.Read(0x125, 1)));
        Assert.Equal(Idle, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P3_an_unmasked_level_pin_comes_and_goes(string profile)
    {
        var bench = PicBench.Asserted(profile);
        Assert.Equal(Pin2, bench.State);
        bench.Pin(2, 0);
        Assert.Equal(Idle, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P4_a_masked_pin_waits_for_its_unmask(string profile)
    {
        var bench = PicBench.Standard(profile);
        bench.Pin(2, 1);
        Assert.Equal((4ul, 0ul, 0u, None), bench.State);
        bench.Write(0x20, 4, 0xFFFFFFFB);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(KvmAndQemu11))]
    public void P5_masking_an_asserted_pin_takes_nothing_back(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        Assert.Equal(Pin2, bench.State);
    }

    [Fact]
    public void P5_masking_an_asserted_pin_withdraws_it_in_qemu_7_2()
    {
        var bench = PicBench.Asserted("qemu-7.2");
        bench.Write(0x20, 4, 0xFFFFFFFF);
        Assert.Equal((4ul, 0ul, 0u, None), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P6_a_masked_pin_still_falls(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        bench.Pin(2, 0);
        Assert.Equal(Idle, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P7_unmasking_sends_a_pin_that_is_still_asserted(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        bench.Write(0x20, 4, 0xFFFFFFFB);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P8_one_write_unmasks_two_waiting_pins(string profile)
    {
        var bench = PicBench.Standard(profile);
        bench.Pin(2, 1);
        bench.Pin(3, 1);
        bench.Write(0x20, 4, 0xFFFFFFF3);
        var sent = profile.StartsWith("qemu", StringComparison.Ordinal) ? 0x4u : 0xCu;
        Assert.Equal((0xCul, sent, sent, Hwi0), bench.State);
        bench.Pin(3, 1);
        Assert.Equal(0xCu, bench.Pending);
    }

    [Theory, MemberData(nameof(KvmAndQemu11))]
    public void P9_the_fall_of_an_edge_pin_takes_nothing_back(string profile)
    {
        var bench = Pulse(profile);
        Assert.Equal((0x10ul, 0x10ul, 0x10u, Hwi0), bench.State);
    }

    [Fact]
    public void P9_the_fall_of_an_edge_pin_withdraws_it_in_qemu_7_2()
    {
        var bench = Pulse("qemu-7.2");
        Assert.Equal((0x10ul, 0ul, 0u, None), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P10_CLEAR_ends_an_edge_pin(string profile)
    {
        var bench = Pulse(profile);
        bench.Write(0x80, 4, 0x10);
        Assert.Equal(Idle, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P11_a_masked_pulse_is_latched(string profile)
    {
        var bench = PicBench.Edge(profile, masks: 0xFFFFFFFF);
        bench.Pin(4, 1);
        bench.Pin(4, 0);
        Assert.Equal((0x10ul, 0ul, 0u, None), bench.State);
        bench.Write(0x20, 4, 0xFFFFFFEF);
        Assert.Equal((0x10ul, 0x10ul, 0x10u, Hwi0), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P12_CLEAR_does_nothing_to_a_level_pin_by_itself(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.Write(0x80, 4, 4);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(Kvm))]
    public void P13_CLEAR_of_a_level_and_an_edge_pin_ends_the_edge_pin(string profile)
    {
        var bench = LevelAndEdge(profile);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(Qemu))]
    public void P13_CLEAR_of_a_level_and_an_edge_pin_loses_the_one_and_leaves_the_other_stuck_in_qemu(string profile)
    {
        var bench = LevelAndEdge(profile);
        Assert.Equal((0ul, 0ul, 0x10u, Hwi0), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P14_an_edge_pin_driven_high_again_without_a_fall(string profile)
    {
        var bench = PicBench.Edge(profile);
        bench.Pin(4, 1);
        bench.AcknowledgeAtEiointc(0x10);
        bench.Write(0x80, 4, 0x10);
        bench.Pin(4, 1);
        Assert.Equal(profile.StartsWith("qemu", StringComparison.Ordinal) ? Idle : (0x10ul, 0x10ul, 0x10u, Hwi0), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P15_a_level_pin_that_was_acknowledged_is_sent_again_when_driven_again(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.AcknowledgeAtEiointc(4);
        Assert.Equal((4ul, 4ul, 0u, None), bench.State);
        bench.Pin(2, 1);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P16_a_level_pin_that_was_acknowledged_is_sent_again_when_unmasked(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.AcknowledgeAtEiointc(4);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        bench.Write(0x20, 4, 0xFFFFFFFB);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P17_a_vector_is_a_byte(string profile)
    {
        var bench = new PicBench(profile);
        bench.Write(0x205, 1, 0x25);
        Assert.Equal(0x25ul, bench.Read(0x205, 1));
        if (profile is "kvm" or "kvm-6.18")
        {
            Assert.Equal(0x07062504ul, bench.Read(0x204, 4));
        }
    }

    [Theory, MemberData(nameof(NewKvm))]
    public void P18_narrow_writes_change_the_bytes_that_they_address(string profile)
    {
        var bench = new PicBench(profile);
        bench.Write(0x20, 1, 0xFB);
        Assert.Equal(0xFFFFFFFFFFFFFFFBul, bench.Read(0x20, 8));
        bench.Write(0x26, 2, 0);
        Assert.Equal(0x0000FFFFFFFFFFFBul, bench.Read(0x20, 8));
    }

    [Theory]
    [InlineData("kvm", true)]
    [InlineData("kvm-6.18", true)]
    [InlineData("kvm-6.16", false)]
    [InlineData("kvm-6.13", false)]
    [InlineData("qemu-7.2", true)]
    public void P19_unmasking_a_pin_of_the_upper_half(string profile, bool delivered)
    {
        var bench = PicBench.Standard(profile);
        bench.Machine.Write4(0, 0x1604, 0x100);
        bench.Write(0x228, 1, 40);
        bench.Pin(40, 1);
        bench.Write(0x24, 4, 0xFFFFFEFF);
        Assert.Equal(1ul << 40, bench.Irr);
        Assert.Equal(delivered ? 1ul << 40 : 0, bench.Isr);
        Assert.Equal(delivered ? 0x100u : 0, bench.Machine.Pending(0, word: 1));
        Assert.Equal(delivered ? Hwi0 : None, bench.Lines);
        if (profile is "kvm" or "kvm-6.18")
        {
            Assert.Equal(0x100ul, bench.Read(0x384, 4));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void P20_a_vector_that_changes_while_asserted_leaves_the_old_one_stuck(string profile)
    {
        var bench = PicBench.Asserted(profile);
        bench.Write(0x202, 1, 6);
        bench.Pin(2, 0);
        Assert.Equal((0ul, 0ul, 4u, Hwi0), bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P21_ROUTE_ENTRY_is_written_in_qemu_only(string profile)
    {
        var bench = new PicBench(profile);
        Assert.Equal(AccessOutcome.Done, bench.Write(0x103, 1, 2));
        Assert.Equal(profile.StartsWith("qemu", StringComparison.Ordinal) ? 2ul : 1, bench.Read(0x103, 1));
    }

    [Theory, MemberData(nameof(All))]
    public void P22_POLARITY_is_stored_and_does_nothing(string profile)
    {
        var bench = PicBench.Standard(profile);
        bench.Write(0x3E0, 4, 0xFF);
        Assert.Equal(profile is "kvm-6.17" or "kvm-6.16" or "kvm-6.13" ? 0ul : 0xFF, bench.Read(0x3E0, 4));
        bench.Write(0x20, 4, 0xFFFFFFFB);
        Assert.Equal(Idle, bench.State);
        bench.Pin(2, 1);
        Assert.Equal(Pin2, bench.State);
    }

    [Theory, MemberData(nameof(All))]
    public void P23_AUTO_CTRL_takes_and_reads_nothing(string profile)
    {
        var bench = new PicBench(profile);
        foreach (var offset in new ulong[] { 0xC0, 0xC4, 0xE0, 0xE4 })
        {
            Assert.Equal(AccessOutcome.Done, bench.Write(offset, 4, 0xFFFFFFFF));
            Assert.Equal(0ul, bench.Read(offset, 4));
        }
    }

    [Theory, MemberData(nameof(Qemu))]
    public void P24_INT_ISR_is_written_in_qemu(string profile)
    {
        var bench = PicBench.Standard(profile);
        bench.Write(0x20, 4, 0xFFFFFFF7);
        bench.Write(0x3A0, 4, 8);
        Assert.Equal(8ul, bench.Read(0x3A0, 4));
        bench.Write(0x20, 4, 0xFFFFFFFF);
        Assert.Equal(0ul, bench.Read(0x3A0, 4));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    public void P24_INT_ISR_is_not_written_in_kvm(string profile, AccessOutcome expected)
    {
        var bench = PicBench.Standard(profile);
        bench.Write(0x20, 4, 0xFFFFFFF7);
        Assert.Equal(expected, bench.Write(0x3A0, 4, 8));
        Assert.Equal(0ul, bench.Isr);
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Fault)]
    [InlineData("qemu-7.2", AccessOutcome.Fault)]
    public void P25_a_misaligned_read(string profile, AccessOutcome expected) =>
        Assert.Equal(0ul, new PicBench(profile).Read(0x22, 4, expected));

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    public void P26_offsets_without_a_register_in_kvm(string profile, AccessOutcome expected)
    {
        var bench = new PicBench(profile);
        var before = RawState.Save(bench.Pic.SyncState);
        Assert.Equal(0ul, bench.Read(0x300, 4, expected));
        Assert.Equal(expected, bench.Write(0x2FF, 1, 1));
        Assert.Equal(before, RawState.Save(bench.Pic.SyncState));
    }

    [Theory, MemberData(nameof(Qemu))]
    public void P26_linux_writes_past_the_vectors_and_qemu_ignores_it(string profile)
    {
        var bench = new PicBench(profile);
        var before = RawState.Save(bench.Pic.SyncState);
        Assert.Equal(AccessOutcome.Done, bench.Write(0x2FF, 1, 1));
        Assert.Equal(0ul, bench.Read(0x2FF, 1));
        Assert.Equal(AccessOutcome.Fault, bench.Pic.Read(0x300, 4, out _));
        Assert.Equal(before, RawState.Save(bench.Pic.SyncState));
    }

    [Theory, MemberData(nameof(Kvm))]
    public void P27_the_window_of_kvm_ends_at_3e8(string profile)
    {
        var pic = new PicBench(profile).Pic;
        Assert.True(pic.Covers(0x3E0, 8));
        Assert.True(pic.Covers(0x3E7, 1));
        Assert.False(pic.Covers(0x3E4, 8));
        Assert.False(pic.Covers(0x3E8, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pic.Read(0x3E8, 4, out _));
    }

    /// <summary>Pin 4, edge-triggered and unmasked, up and down.</summary>
    private static PicBench Pulse(string profile)
    {
        var bench = PicBench.Edge(profile);
        bench.Pin(4, 1);
        bench.Pin(4, 0);
        return bench;
    }

    /// <summary>Level pin 2 and edge pin 4 asserted and both named in CLEAR.</summary>
    private static PicBench LevelAndEdge(string profile)
    {
        var bench = PicBench.Edge(profile, masks: 0xFFFFFFEB);
        bench.Pin(2, 1);
        bench.Pin(4, 1);
        bench.Write(0x80, 4, 0x14);
        return bench;
    }
}
