using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of the IPI unit on which profiles differ, under each of them.</summary>
public sealed class IpiProfileVectorTests
{
    private const ulong Status = 0x1000;
    private const ulong Enable = 0x1004;
    private const ulong Set = 0x1008;
    private const ulong Clear = 0x100C;
    private const ulong Mailbox0 = 0x1020;
    private const ulong IpiSend = 0x1040;
    private const ulong MailSend = 0x1048;
    private const ulong AnySend = 0x1158;

    [Theory]
    [InlineData("kvm", "{IPI}")]
    [InlineData("kvm-6.18", "{IPI}")]
    [InlineData("kvm-6.16", "{IPI}")]
    [InlineData("kvm-6.13", "{IPI}")]
    [InlineData("qemu-11", "{}")]
    [InlineData("qemu-7.2", "{}")]
    public void I3_EN_gates_the_line_only_in_qemu(string profile, string lines)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpiSend, 0x80010003);
        Assert.Equal((8u, lines), (bench.Read4(1, Status), bench.Lines(1)));
        Assert.Equal(lines == "{}" ? ReportKind.Masked : ReportKind.Raised, Assert.Single(bench.Cpus[1].IpiHost.Reports).Kind);
    }

    [Theory]
    [InlineData("kvm", "{IPI}", "{IPI}")]
    [InlineData("kvm-6.18", "{IPI}", "{IPI}")]
    [InlineData("qemu-11", "{}", "{IPI}")]
    [InlineData("qemu-7.2", "{}", "{IPI}")]
    public void I4_writing_EN_moves_nothing_and_a_set_of_nothing_looks_again(string profile, string afterEnable, string afterSet)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpiSend, 0x80010003);
        bench.Write4(1, Enable, 8);
        Assert.Equal(afterEnable, bench.Lines(1));
        bench.Write4(1, Set, 0);
        Assert.Equal(afterSet, bench.Lines(1));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void I5_a_second_vector_joins_and_only_qemu_drives_the_line_again(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(1, Enable, 0xFFFFFFFF);
        bench.Write4(0, IpiSend, 0x80010000);
        bench.Write4(0, IpiSend, 0x80010005);
        Assert.Equal((0x21u, "{IPI}"), (bench.Read4(1, Status), bench.Lines(1)));
        var drives = bench.Cpus[1].IpiHost.Log.Count(line => line == "pin 0 high");
        Assert.Equal(bench.Profile.Name.StartsWith("qemu", StringComparison.Ordinal) ? 2 : 1, drives);
        bench.Write4(1, Clear, 1);
        Assert.Equal((0x20u, "{IPI}"), (bench.Read4(1, Status), bench.Lines(1)));
        bench.Write4(1, Clear, 0x20);
        Assert.Equal((0u, "{}"), (bench.Read4(1, Status), bench.Lines(1)));
    }

    [Theory]
    [InlineData("kvm", "{}")]
    [InlineData("kvm-6.18", "{}")]
    [InlineData("kvm-6.16", "{}")]
    [InlineData("kvm-6.13", "{}")]
    [InlineData("qemu-11", "{IPI}")]
    [InlineData("qemu-7.2", "{IPI}")]
    public void I6_a_clear_while_EN_is_zero_leaves_qemus_line_stuck(string profile, string lines)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 1);
        bench.Write4(0, IpiSend, 0);
        bench.Write4(0, Enable, 0);
        bench.Write4(0, Clear, 1);
        Assert.Equal((0u, lines), (bench.Read4(0, Status), bench.Lines(0)));
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void I2_I7_I8_sends_and_clears_of_enabled_vectors_are_alike(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0xFFFFFFFF);
        bench.Write4(0, Clear, 0xFFFFFFFF);
        Assert.Equal((0u, "{}"), (bench.Read4(0, Status), bench.Lines(0)));
        bench.Write4(0, IpiSend, 0x0000001F);
        Assert.Equal((0x80000000u, "{IPI}"), (bench.Read4(0, Status), bench.Lines(0)));
        bench.Write4(0, Clear, 0x80000000);
        Assert.Equal((0u, "{}"), (bench.Read4(0, Status), bench.Lines(0)));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, false)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace, true)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace, true)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace, true)]
    [InlineData("qemu-11", AccessOutcome.Done, false)]
    [InlineData("qemu-7.2", AccessOutcome.Done, true)]
    public void I9_a_send_to_no_cpu_is_ignored_exits_or_is_refused(string profile, AccessOutcome outcome, bool isRefused)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpiSend, 0x00050000);
        Assert.Equal(AccessOutcome.Done, bench.Outcome);
        Assert.Equal(profile == "qemu-7.2", bench.Cpus[0].IpiHost.Reports.Count == 1);
        bench.Write8(0, MailSend, 0x1122334400050000);
        Assert.Equal(outcome, bench.Outcome);
        bench.Write8(0, AnySend, 0x1122334400051004);
        Assert.Equal(outcome, bench.Outcome);
        Assert.Equal(isRefused, bench.Cpus[0].IpiHost.Reports.Count >= 2);
    }

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void I10_to_I13_mail_send_and_any_send_are_alike(string profile)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write8(0, MailSend, 0x1122334480010000);
        bench.Write8(0, MailSend, 0x5566778880010004);
        Assert.Equal(0x5566778811223344ul, bench.Read8(1, Mailbox0));
        bench.Write8(0, MailSend, 0xAABBCCDD28010000);
        Assert.Equal(0xAA22CC44u, bench.Read4(1, Mailbox0));
        bench.Write8(0, MailSend, 0x0102030478010000);
        Assert.Equal(0xAA22CC44u, bench.Read4(1, Mailbox0));
        bench.Write8(0, AnySend, 0xFFFFFFFF00011004);
        Assert.Equal((0xFFFFFFFFu, 0u), (bench.Read4(1, Enable), bench.Read4(0, Enable)));
        Assert.Equal("{}", bench.Lines(1));
    }

    [Theory]
    [InlineData("kvm", 0x5A000000)]
    [InlineData("kvm-6.18", 0x5A000000)]
    [InlineData("kvm-6.16", 0x5A000000)]
    [InlineData("kvm-6.13", 0x5A000000)]
    [InlineData("qemu-11", 0)]
    [InlineData("qemu-7.2", 0)]
    public void I16_a_mailbox_takes_a_single_byte_but_not_in_qemu(string profile, uint expected)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write(0, 0x1023, 1, 0x5A);
        Assert.Equal(AccessOutcome.Done, bench.Outcome);
        Assert.Equal(expected, bench.Read4(0, Mailbox0));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFFFFF89ABCDEF)]
    [InlineData("kvm-6.18", 0xFFFFFFFF89ABCDEF)]
    [InlineData("kvm-6.16", 0x89ABCDEF)]
    [InlineData("kvm-6.13", 0x89ABCDEF)]
    [InlineData("qemu-11", 0x89ABCDEF)]
    [InlineData("qemu-7.2", 0x89ABCDEF)]
    public void I17_a_narrow_read_of_a_mailbox_is_extended_by_sign_or_by_zeros(string profile, ulong expected)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write8(0, 0x1028, 0x0123456789ABCDEF);
        Assert.Equal(expected, bench.Read(0, 0x1028, 4));
        Assert.Equal(0x01234567ul, bench.Read(0, 0x102C, 4));
        Assert.Equal(0x0123456789ABCDEFul, bench.Read8(0, 0x1028));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Done)]
    [InlineData("qemu-7.2", AccessOutcome.Done)]
    public void I18_I22_what_the_unit_does_not_take_is_ignored_or_exits(string profile, AccessOutcome outcome)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Status, 1);
        Assert.Equal(outcome, bench.Outcome);
        Assert.Equal((0u, AccessOutcome.Done), (bench.Read4(0, Status), bench.Outcome));
        Assert.Equal((0u, outcome), (bench.Read4(0, IpiSend), bench.Outcome));
        Assert.Equal((0u, outcome), (bench.Read4(0, 0x1010), bench.Outcome));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, 1, "{IPI}")]
    [InlineData("kvm-6.18", AccessOutcome.Done, 1, "{IPI}")]
    [InlineData("kvm-6.16", AccessOutcome.UserSpace, 0, "{}")]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace, 0, "{}")]
    [InlineData("qemu-11", AccessOutcome.Done, 1, "{IPI}")]
    [InlineData("qemu-7.2", AccessOutcome.Done, 1, "{IPI}")]
    public void I19_SET_raises_the_own_cpu_since_linux_618(string profile, AccessOutcome outcome, uint status, string lines)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 1);
        bench.Write4(0, Set, 1);
        Assert.Equal(outcome, bench.Outcome);
        Assert.Equal((status, lines), (bench.Read4(0, Status), bench.Lines(0)));
    }

    [Theory]
    [InlineData("kvm", 0x5)]
    [InlineData("kvm-6.18", 0x5)]
    [InlineData("kvm-6.16", 0x5)]
    [InlineData("kvm-6.13", 0x5)]
    [InlineData("qemu-11", 0x0000000700000005)]
    [InlineData("qemu-7.2", 0x0000000700000005)]
    public void I20_eight_bytes_at_STATUS_are_STATUS_alone_or_EN_above_it(string profile, ulong expected)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 7);
        bench.Write4(0, IpiSend, 0);
        bench.Write4(0, IpiSend, 2);
        Assert.Equal(expected, bench.Read8(0, Status));
    }

    [Theory]
    [InlineData("kvm", 0, "{}")]
    [InlineData("kvm-6.18", 0, "{}")]
    [InlineData("kvm-6.16", 0, "{}")]
    [InlineData("kvm-6.13", 0, "{}")]
    [InlineData("qemu-11", 0x101, "{IPI}")]
    [InlineData("qemu-7.2", 0x101, "{IPI}")]
    public void I21_a_byte_write_of_CLEAR_takes_the_whole_source_register_or_nothing(string profile, uint status, string lines)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0xFFFFFFFF);
        bench.Write4(0, IpiSend, 0);
        bench.Write4(0, IpiSend, 8);
        bench.Write(0, Clear, 1, 0x101);
        Assert.Equal((status, lines), (bench.Read4(0, Status), bench.Lines(0)));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace)]
    [InlineData("qemu-11", AccessOutcome.Done)]
    public void I23_an_access_beyond_the_mailboxes_is_rejected(string profile, AccessOutcome outcome)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write8(0, 0x1038, 0x1111111122222222);
        bench.Write8(0, 0x103C, ulong.MaxValue);
        Assert.Equal(outcome, bench.Outcome);
        Assert.Equal(0x1111111122222222ul, bench.Read8(0, 0x1038));
    }

    [Theory]
    [InlineData("kvm", 0xFFFFFFFFFFFFFF80)]
    [InlineData("kvm-6.16", 0x80000080)]
    [InlineData("kvm-6.13", 0x80000080)]
    public void F11_a_byte_of_STATUS_once_came_with_all_its_bits(string profile, ulong expected)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, IpiSend, 7);
        bench.Write4(0, IpiSend, 31);
        Assert.Equal(expected, bench.Read(0, Status, 1));
    }

    [Theory]
    [InlineData("kvm", 0x80, false)]
    [InlineData("qemu-11", 0, false)]
    [InlineData("kvm", 0x80, true)]
    [InlineData("qemu-11", 0, true)]
    public void D4_a_narrow_MAIL_SEND_takes_the_whole_source_register_or_is_dropped(string profile, uint expected, bool isAny)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, isAny ? AnySend : MailSend, isAny ? 0x0000008000011020ul : 0x0000008000010000ul);
        Assert.Equal(expected, bench.Read4(1, Mailbox0));
        Assert.Equal(AccessOutcome.Done, bench.Outcome);
    }

    [Fact]
    public void D4_a_misaligned_access_is_dropped_too()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Qemu11);
        bench.Write4(0, Mailbox0 + 2, 0x12345678);
        bench.Write8(0, Mailbox0 + 4, ulong.MaxValue);
        Assert.Equal(0ul, bench.Read8(0, Mailbox0));
        Assert.Equal(2, bench.Cpus[0].IpiHost.Reports.Count(report => report.Kind == ReportKind.Refused));
    }

    [Fact]
    public void D3_eight_bytes_are_two_writes_the_low_one_first()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Qemu11);
        bench.Write4(0, Enable, 0xFFFFFFFF);
        bench.Write8(0, Set, 0x0000000200000003);
        Assert.Equal((1u, "{IPI}"), (bench.Read4(0, Status), bench.Lines(0)));
        bench.Write8(0, IpiSend, 0xFFFFFFFF00010004);
        Assert.Equal(0x10u, bench.Read4(1, Status));
    }
}
