using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>What PCH-PIC does beyond the vectors: each switch by itself, widths, attributes, counting, reports.</summary>
public sealed class PchPicTests
{
    private const uint Registers = PchPicUapi.RegistersGroup;

    /// <summary>By row: an experiment whose outcome depends on the row's switch and, in Linux 7.0 with that one switch, on nothing else.</summary>
    private static readonly Dictionary<string, (string From, Func<PicBench, object> Run)> Experiments = new()
    {
        ["D5"] = ("kvm-6.18", bench => bench.Write(0x22, 4, 0)),
        ["D12"] = ("qemu-7.2", bench => MaskAsserted(bench).State),
        ["D13"] = ("qemu-7.2", bench => Pulse(bench).State),
        ["D14"] = ("qemu-11", bench => UnmaskTwo(bench).State),
        ["D15"] = ("qemu-11", bench => ClearBoth(bench).State),
        ["D16"] = ("qemu-11", bench => EdgeTwice(bench).State),
        ["D17"] = ("kvm-6.16", bench => bench.Read(0x205, 1)),
        ["D18"] = ("qemu-7.2", bench => bench.Read(0, 8)),
        ["D19"] = ("qemu-11", bench => (bench.Write(0x102, 1, 5), bench.Read(0x102, 1))),
        ["D20"] = ("qemu-11", bench => ReadIrr(bench)),
        ["D21"] = ("kvm-6.16", bench => (bench.Write(0x20, 8, 0), bench.Read(0x24, 4))),
        ["F11"] = ("qemu-11", bench => (bench.Pic.Read(0x20, 4, out var value), value)),
        ["F12"] = ("kvm-6.16", bench => bench.Read(4, 4)),
        ["S1.3"] = ("qemu-11", bench => bench.Pic.Covers(0x3E8, 4)),
        ["S4.1"] = ("kvm-6.16", bench => (bench.Write(0x3E0, 4, 3), bench.Read(0x3E0, 4), bench.Read(0x125, 1))),
    };

    public static TheoryData<string> Rows => [.. Experiments.Keys];

    [Theory, MemberData(nameof(Rows))]
    public void Each_switch_by_itself_decides_its_experiment(string id)
    {
        var (from, run) = Experiments[id];
        var row = ProfileRows.All.Single(row => row.Id == id);
        var without = LoongArchProfiles.Kvm;
        var with = row.Take(without, LoongArchProfiles.Find(from)!);
        Assert.NotEqual(run(PicBench.Standard(without)), run(PicBench.Standard(with)));
    }

    [Fact]
    public void D14_the_lowest_pin_of_a_mask_write_is_chosen_among_those_that_have_a_request()
    {
        var bench = PicBench.Standard("qemu-11");
        bench.Pin(3, 1);
        bench.Write(0x20, 4, 0);
        Assert.Equal((8ul, 8ul, 8u, "{HWI0}"), bench.State);
    }

    [Fact]
    public void D14_an_upper_word_acts_on_the_pins_below_in_the_old_kernels()
    {
        var bench = PicBench.Asserted("kvm-6.16");
        bench.AcknowledgeAtEiointc(4);
        bench.Write(0x24, 4, ~4u);
        Assert.Equal((4ul, 4ul, 4u, "{HWI0}"), bench.State);
    }

    [Fact]
    public void D14_eight_bytes_in_qemu_are_two_writes_and_each_acts_on_a_pin()
    {
        var bench = PicBench.Standard("qemu-7.2");
        bench.Write(0x228, 1, 8);
        foreach (var pin in new[] { 2, 3, 40 })
        {
            bench.Pin(pin, 1);
        }

        bench.Write(0x20, 8, 0);
        Assert.Equal(0x104u, bench.Pending);
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, 4ul, AccessOutcome.Done, 4ul)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace, 0ul, AccessOutcome.UserSpace, 0ul)]
    [InlineData("qemu-11", AccessOutcome.Done, 0ul, AccessOutcome.Done, 4ul)]
    public void D20_what_the_guest_reads_of_requests_and_service(string profile, AccessOutcome irr, ulong irrValue, AccessOutcome isr, ulong isrValue)
    {
        var bench = PicBench.Asserted(profile);
        Assert.Equal(irrValue, bench.Read(0x380, profile == "qemu-11" ? 1 : 4, irr));
        Assert.Equal(isrValue, bench.Read(0x3A0, 4, isr));
    }

    [Fact]
    public void D20_qemu_shows_no_masked_pin_in_service()
    {
        var bench = PicBench.Asserted("qemu-11");
        bench.Write(0x20, 4, 0xFFFFFFFF);
        Assert.Equal((4ul, 0ul), (bench.Isr, bench.Read(0x3A0, 4)));
    }

    [Theory]
    [InlineData("kvm", 0x21ul, 1, 0x55ul, 0xFFFFFFFFFFFF55FFul)]
    [InlineData("kvm", 0x24ul, 4, 0x55ul, 0x00000055FFFFFFFFul)]
    [InlineData("kvm-6.16", 0x21ul, 1, 0x11223344ul, 0x0000000011223344ul)]
    [InlineData("kvm-6.16", 0x20ul, 8, 0x5511223344ul, 0x0000000011223344ul)]
    [InlineData("kvm-6.13", 0x26ul, 4, 0x55ul, 0x0000005500000000ul)]
    [InlineData("qemu-11", 0x20ul, 8, 0x5511223344ul, 0x0000005511223344ul)]
    public void D21_which_bytes_of_a_register_a_write_reaches(string profile, ulong offset, int size, ulong value, ulong expected)
    {
        var bench = new PicBench(profile);
        Assert.Equal(AccessOutcome.Done, bench.Write(offset, size, value));
        Assert.Equal(0, bench.Uapi.GetAttribute(Registers, PchPicRegisters.IntMask, out var mask));
        Assert.Equal(expected, mask);
    }

    [Theory]
    [InlineData("kvm", 0x60ul, 8, 0x5511223344ul)]
    [InlineData("kvm", 0x205ul, 1, 0x25ul)]
    [InlineData("kvm", 0x204ul, 4, 0x07062504ul)]
    [InlineData("kvm-6.16", 0x60ul, 8, 0x11223344ul)]
    [InlineData("kvm-6.16", 0x64ul, 4, 0x55ul)]
    [InlineData("kvm-6.16", 0x204ul, 4, 0ul)]
    [InlineData("kvm-6.13", 0x205ul, 4, 0x25ul)]
    public void D21_which_bytes_of_a_register_a_read_gives(string profile, ulong offset, int size, ulong expected)
    {
        var bench = new PicBench(profile);
        bench.Write(0x60, 4, 0x11223344);
        bench.Write(0x64, 4, 0x55);
        bench.Write(0x205, 1, 0x25);
        Assert.Equal(expected, bench.Read(offset, size));
    }

    [Theory]
    [InlineData(0x20ul, 1)]
    [InlineData(0x20ul, 2)]
    [InlineData(0x24ul, 8)]
    [InlineData(0x200ul, 4)]
    [InlineData(0x380ul, 8)]
    [InlineData(0x3A2ul, 4)]
    public void D21_other_widths_fault_in_qemu(ulong offset, int size)
    {
        var bench = new PicBench("qemu-11");
        Assert.Equal(AccessOutcome.Fault, bench.Write(offset, size, 0));
        Assert.Equal(AccessOutcome.Fault, bench.Pic.Read(offset, size, out _));
        Assert.Equal(ulong.MaxValue, bench.Read(0x20, 8));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFFFFF80000000ul)]
    [InlineData("kvm-6.16", 0x80000000ul)]
    [InlineData("qemu-11", 0x80000000ul)]
    public void F11_a_narrow_read_is_extended(string profile, ulong expected)
    {
        var bench = new PicBench(profile);
        bench.Write(0x60, 4, 0x80000000);
        Assert.Equal(AccessOutcome.Done, bench.Pic.Read(0x60, 4, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(profile == "kvm-6.16", bench.Machine.Profile.NarrowRead.LeavesUpperOfPchPic());
    }

    [Fact]
    public void S1_3_qemu_decodes_a_page()
    {
        var bench = new PicBench("qemu-11");
        Assert.True(bench.Pic.Covers(0xFFC, 4));
        Assert.False(bench.Pic.Covers(0x1000, 4));
        Assert.Equal(0ul, bench.Read(0xFFC, 4));
        Assert.False(bench.Pic.Covers(ulong.MaxValue, 8));
    }

    [Theory]
    [InlineData(0x24ul)]
    [InlineData(0x80ul)]
    [InlineData(0x00ul)]
    [InlineData(0x140ul)]
    [InlineData(0x240ul)]
    [InlineData(ulong.MaxValue)]
    public void A7_other_attributes_are_EINVAL(ulong attribute)
    {
        var uapi = new PicBench("kvm").Uapi;
        Assert.Equal(Errno.InvalidArgument, uapi.SetAttribute(Registers, attribute, 1));
        Assert.Equal(Errno.InvalidArgument, uapi.GetAttribute(Registers, attribute, out _));
        Assert.Equal(0, PchPicUapi.WidthOf(attribute));
    }

    [Fact]
    public void A5_control_is_not_read_and_unknown_groups_are_EINVAL()
    {
        var bench = new PicBench("kvm");
        Assert.Equal(Errno.InvalidArgument, bench.Uapi.GetAttribute(PchPicUapi.ControlGroup, PchPicUapi.ControlInit, out _));
        Assert.Equal(Errno.InvalidArgument, bench.Uapi.SetAttribute(PchPicUapi.ControlGroup, 1, 0));
        Assert.Equal(Errno.InvalidArgument, bench.Uapi.SetAttribute(0x40000004, 0x20, 0));
        Assert.Null(bench.Pic.Base);
        Assert.Equal(0, bench.Uapi.SetAttribute(PchPicUapi.ControlGroup, PchPicUapi.ControlInit, 0x10000000));
        Assert.Equal(0x10000000ul, bench.Pic.Base);
        Assert.Equal(0, bench.Uapi.SetAttribute(PchPicUapi.ControlGroup, PchPicUapi.ControlInit, 0));
        Assert.Equal(0ul, bench.Pic.Base);
    }

    [Theory, MemberData(nameof(PchPicVectorTests.All), MemberType = typeof(PchPicVectorTests))]
    public void Attributes_are_stored_raw_in_their_width_and_move_nothing(string profile)
    {
        var bench = PicBench.Asserted(profile);
        var drives = bench.Host.Log.Count;
        ulong[] attributes = [0x20, 0x40, 0x60, 0xC0, 0xE0, 0x380, 0x3A0, 0x3E0, 0x100, 0x13F, 0x200, 0x23F];
        foreach (var attribute in attributes)
        {
            var value = 0x1122334455667788ul + attribute;
            Assert.Equal(0, bench.Uapi.SetAttribute(Registers, attribute, value));
            Assert.Equal(0, bench.Uapi.GetAttribute(Registers, attribute, out var read));
            Assert.Equal(PchPicUapi.WidthOf(attribute) == 8 ? value : (byte)value, read);
        }

        Assert.Equal(drives, bench.Host.Log.Count);
    }

    [Fact]
    public void Misaligned_accesses_are_not_counted_and_unknown_ones_are()
    {
        var pic = new PicBench("kvm").Pic;
        Assert.False(pic.IsCounted(0x22, 4));
        Assert.True(pic.IsCounted(0x300, 4));
        Assert.True(pic.IsCounted(0x20, 8));
        Assert.True(new PicBench("kvm-6.13").Pic.IsCounted(0x22, 4));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public void There_are_64_pins(int pin) => Assert.Throws<ArgumentOutOfRangeException>(() => new PicBench("kvm").Pin(pin, 1));

    [Fact]
    public void Reports_say_what_becomes_of_a_level_request()
    {
        var bench = PicBench.Standard("kvm");
        bench.Pin(2, 1);
        bench.Pin(2, 0);
        bench.Pin(2, 1);
        bench.Write(0x20, 4, 0xFFFFFFFB);
        bench.Pin(2, 1);
        bench.Pin(2, 0);
        Assert.Equal(
            [
                new(ReportKind.Masked, 2, 0), new(ReportKind.Withdrawn, 2, 0), new(ReportKind.Masked, 2, 0),
                new(ReportKind.Raised, 2, 2), new(ReportKind.Coalesced, 2, 2), new(ReportKind.Ended, 2, 2),
            ],
            bench.Host.Reports);
    }

    [Fact]
    public void Reports_say_what_becomes_of_an_edge_request_and_of_a_refused_access()
    {
        var bench = PicBench.Edge("kvm");
        bench.Pin(4, 1);
        bench.Pin(4, 0);
        bench.Write(0x80, 4, 0x10);
        bench.Write(0x22, 4, 0);
        Assert.Equal(
            [new(ReportKind.Raised, 4, 4), new(ReportKind.Acknowledged, 4, 4), new(ReportKind.Refused, -1, AccessDetail.Of(0x22, 4, true))],
            bench.Host.Reports);
        var withdrawn = PicBench.Asserted("qemu-7.2");
        withdrawn.Write(0x20, 4, 0xFFFFFFFF);
        Assert.Equal(new DeviceReport(ReportKind.Withdrawn, 2, 2), withdrawn.Host.Reports[^1]);
    }

    [Theory]
    [InlineData(0x00ul, "INT_ID")]
    [InlineData(0x24ul, "INT_MASK")]
    [InlineData(0x80ul, "CLEAR")]
    [InlineData(0xE0ul, "AUTO_CTRL1")]
    [InlineData(0x103ul, "ROUTE_ENTRY[3]")]
    [InlineData(0x23Ful, "HTMSI_VECTOR[63]")]
    [InlineData(0x240ul, "+0x240")]
    [InlineData(0x380ul, "INT_IRR")]
    [InlineData(0x3A4ul, "INT_ISR")]
    [InlineData(0x3E0ul, "POLARITY")]
    [InlineData(0xFFFul, "+0xfff")]
    public void Every_offset_has_a_name(ulong offset, string expected) => Assert.Equal(expected, PchPicRegisters.NameOf(offset));

    [Fact]
    public void Nothing_is_allocated_when_nobody_listens()
    {
        var pic = new PchPic(new SilentHost(), LoongArchProfiles.Kvm);
        Round(pic);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round(pic);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_state_table_refuses_a_truth_that_is_neither()
    {
        var bench = new PicBench("kvm");
        var saved = RawState.Save(bench.Pic.SyncState);
        saved[^(2 * sizeof(ulong))] = 2;
        Assert.Contains("placed", Assert.Throws<StateFormatException>(() => RawState.Load(bench.Pic.SyncState, saved)).Message, StringComparison.Ordinal);
    }

    private static void Round(PchPic pic)
    {
        pic.Write(0x20, 4, 0);
        pic.Write(0x60, 4, 0x10);
        pic.Input(4, true);
        pic.Input(2, true);
        pic.Write(0x20, 4, 4);
        pic.Input(2, false);
        pic.Write(0x80, 4, 0x10);
        pic.Read(0x380, 8, out _);
        pic.Read(0x300, 8, out _);
        PchPicRegisters.NameOf(0x203);
    }

    private static PicBench MaskAsserted(PicBench bench)
    {
        bench.Write(0x20, 4, 0xFFFFFFFB);
        bench.Pin(2, 1);
        bench.Write(0x20, 4, 0xFFFFFFFF);
        return bench;
    }

    private static PicBench Pulse(PicBench bench)
    {
        bench.Write(0x60, 4, 0x10);
        bench.Write(0x20, 4, 0xFFFFFFEF);
        bench.Pin(4, 1);
        bench.Pin(4, 0);
        return bench;
    }

    private static PicBench UnmaskTwo(PicBench bench)
    {
        bench.Pin(2, 1);
        bench.Pin(3, 1);
        bench.Write(0x20, 4, 0);
        return bench;
    }

    private static PicBench ClearBoth(PicBench bench)
    {
        bench.Write(0x60, 4, 0x10);
        bench.Write(0x20, 4, 0);
        bench.Pin(2, 1);
        bench.Pin(4, 1);
        bench.Write(0x80, 4, 0x14);
        return bench;
    }

    private static PicBench EdgeTwice(PicBench bench)
    {
        Pulse(bench);
        bench.Pin(4, 1);
        bench.Write(0x80, 4, 0x10);
        bench.Pin(4, 1);
        return bench;
    }

    private static ulong ReadIrr(PicBench bench)
    {
        bench.Pin(2, 1);
        return bench.Read(0x380, 8);
    }
}
