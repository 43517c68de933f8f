using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The numbered vectors of the IPI unit, as KVM of Linux 7.0 answers them. C0 and C1 have cpuid 0 and 1.</summary>
public sealed class IpiVectorTests
{
    private const ulong Status = 0x1000;
    private const ulong Enable = 0x1004;
    private const ulong Set = 0x1008;
    private const ulong Clear = 0x100C;
    private const ulong Mailbox0 = 0x1020;
    private const ulong IpiSend = 0x1040;
    private const ulong MailSend = 0x1048;
    private const ulong AnySend = 0x1158;

    private readonly MachineBench _bench = MachineBench.WithIds();

    [Fact]
    public void I1_all_registers_read_zero_after_reset()
    {
        foreach (var address in new[] { Status, Enable, Set, Clear })
        {
            Assert.Equal(0u, _bench.Read4(0, address));
        }

        for (var box = Mailbox0; box < IpiSend; box += 8)
        {
            Assert.Equal(0ul, _bench.Read8(0, box));
        }
    }

    [Fact]
    public void I2_a_send_raises_the_target_and_its_clear_lowers_it()
    {
        _bench.Write4(1, Enable, 0xFFFFFFFF);
        _bench.Write4(0, IpiSend, 0x80010000);
        Assert.Equal(1u, _bench.Read4(1, Status));
        Assert.Equal("{IPI}", _bench.Lines(1));
        Assert.Equal(0u, _bench.Read4(0, Status));
        Assert.Equal("{}", _bench.Lines(0));

        _bench.Write4(1, Clear, 1);
        Assert.Equal(0u, _bench.Read4(1, Status));
        Assert.Equal("{}", _bench.Lines(1));
    }

    [Fact]
    public void I3_a_send_raises_the_line_although_the_target_enabled_nothing()
    {
        _bench.Write4(0, IpiSend, 0x80010003);
        Assert.Equal(8u, _bench.Read4(1, Status));
        Assert.Equal("{IPI}", _bench.Lines(1));
    }

    [Fact]
    public void I4_writing_EN_and_setting_nothing_leave_the_line_as_it_is()
    {
        _bench.Write4(0, IpiSend, 0x80010003);
        var drives = _bench.Cpus[1].IpiHost.Log.Count;
        _bench.Write4(1, Enable, 8);
        Assert.Equal("{IPI}", _bench.Lines(1));
        _bench.Write4(1, Set, 0);
        Assert.Equal("{IPI}", _bench.Lines(1));
        Assert.Equal(8u, _bench.Read4(1, Status));
        Assert.Equal(drives, _bench.Cpus[1].IpiHost.Log.Count);
    }

    [Fact]
    public void I5_the_line_stays_until_the_last_of_two_vectors_is_cleared()
    {
        _bench.Write4(1, Enable, 0xFFFFFFFF);
        _bench.Write4(0, IpiSend, 0x80010000);
        _bench.Write4(0, IpiSend, 0x80010005);
        Assert.Equal(0x21u, _bench.Read4(1, Status));
        Assert.Equal("{IPI}", _bench.Lines(1));
        _bench.Write4(1, Clear, 1);
        Assert.Equal(0x20u, _bench.Read4(1, Status));
        Assert.Equal("{IPI}", _bench.Lines(1));
        _bench.Write4(1, Clear, 0x20);
        Assert.Equal(0u, _bench.Read4(1, Status));
        Assert.Equal("{}", _bench.Lines(1));
    }

    [Fact]
    public void I6_a_clear_with_EN_zero_lowers_the_line()
    {
        _bench.Write4(0, Enable, 1);
        _bench.Write4(0, IpiSend, 0);
        Assert.Equal("{IPI}", _bench.Lines(0));
        _bench.Write4(0, Enable, 0);
        _bench.Write4(0, Clear, 1);
        Assert.Equal(0u, _bench.Read4(0, Status));
        Assert.Equal("{}", _bench.Lines(0));
    }

    [Fact]
    public void I7_a_clear_of_nothing_drives_the_line_low_all_the_same()
    {
        _bench.Write4(0, Clear, 0xFFFFFFFF);
        Assert.Equal(0u, _bench.Read4(0, Status));
        Assert.Equal("{}", _bench.Lines(0));
        Assert.Equal(["pin 0 low"], _bench.Cpus[0].IpiHost.Log);
    }

    [Fact]
    public void I8_the_vector_field_is_five_bits_wide()
    {
        _bench.Write4(0, Enable, 0xFFFFFFFF);
        _bench.Write4(0, IpiSend, 0x0000001F);
        Assert.Equal(0x80000000u, _bench.Read4(0, Status));
        Assert.Equal("{IPI}", _bench.Lines(0));
    }

    [Fact]
    public void I9_a_send_to_no_cpu_changes_nothing()
    {
        _bench.Write4(0, IpiSend, 0x00050000);
        Assert.Equal(0u, _bench.Read4(0, Status));
        Assert.Equal(0u, _bench.Read4(1, Status));
        Assert.Empty(_bench.Cpus[0].IpiHost.Log);
        Assert.Empty(_bench.Cpus[1].IpiHost.Log);
    }

    [Fact]
    public void I10_mail_send_writes_the_halves_of_a_mailbox()
    {
        SendBothHalves();
        Assert.Equal(0x5566778811223344ul, _bench.Read8(1, Mailbox0));
        Assert.Equal("{}", _bench.Lines(1));
        Assert.DoesNotContain(_bench.Cpus[1].IpiHost.Log, line => line.StartsWith("pin", StringComparison.Ordinal));
    }

    [Fact]
    public void I11_mail_send_keeps_the_bytes_of_its_mask()
    {
        SendBothHalves();
        _bench.Write8(0, MailSend, 0xAABBCCDD28010000);
        Assert.Equal(0xAA22CC44u, _bench.Read4(1, Mailbox0));
    }

    [Fact]
    public void I12_mail_send_that_keeps_all_bytes_writes_none()
    {
        SendBothHalves();
        _bench.Write8(0, MailSend, 0xAABBCCDD28010000);
        _bench.Write8(0, MailSend, 0x0102030478010000);
        Assert.Equal(0xAA22CC44u, _bench.Read4(1, Mailbox0));
    }

    [Fact]
    public void I13_any_send_writes_a_register_of_the_target()
    {
        _bench.Write8(0, AnySend, 0xFFFFFFFF00011004);
        Assert.Equal(0xFFFFFFFFu, _bench.Read4(1, Enable));
        Assert.Equal(0u, _bench.Read4(0, Enable));
    }

    [Fact]
    public void I16_a_mailbox_takes_a_single_byte()
    {
        _bench.Write(0, 0x1023, 1, 0x5A);
        Assert.Equal(0x5A000000u, _bench.Read4(0, Mailbox0));
    }

    [Fact]
    public void I17_a_narrow_read_of_a_mailbox_is_sign_extended()
    {
        _bench.Write8(0, 0x1028, 0x0123456789ABCDEF);
        Assert.Equal(0xFFFFFFFF89ABCDEFul, _bench.Read(0, 0x1028, 4));
        Assert.Equal(0x0000000001234567ul, _bench.Read(0, 0x102C, 4));
    }

    [Fact]
    public void I18_a_write_of_STATUS_is_ignored()
    {
        _bench.Write4(0, Status, 1);
        Assert.Equal(0u, _bench.Read4(0, Status));
        var report = Assert.Single(_bench.Cpus[0].IpiHost.Reports);
        Assert.Equal(ReportKind.Refused, report.Kind);
        Assert.Equal(AccessDetail.Of(Status, 4, isWrite: true), report.Detail);
    }

    [Fact]
    public void I19_a_write_of_SET_raises_the_own_cpu()
    {
        _bench.Write4(0, Enable, 1);
        _bench.Write4(0, Set, 1);
        Assert.Equal(1u, _bench.Read4(0, Status));
        Assert.Equal("{IPI}", _bench.Lines(0));
    }

    [Fact]
    public void I20_eight_bytes_at_STATUS_are_STATUS_alone()
    {
        _bench.Write4(0, Enable, 7);
        _bench.Write4(0, Set, 5);
        Assert.Equal(5ul, _bench.Read8(0, Status));
    }

    [Fact]
    public void I21_a_byte_write_of_CLEAR_uses_the_whole_source_register()
    {
        _bench.Write4(0, IpiSend, 0);
        _bench.Write4(0, IpiSend, 8);
        Assert.Equal(0x101u, _bench.Read4(0, Status));
        _bench.Write(0, Clear, 1, 0x101);
        Assert.Equal(0u, _bench.Read4(0, Status));
        Assert.Equal("{}", _bench.Lines(0));
    }

    [Fact]
    public void I22_send_registers_and_unknown_offsets_read_zero()
    {
        Assert.Equal(0ul, _bench.Read(0, IpiSend, 4));
        Assert.Equal(0ul, _bench.Read(0, 0x1010, 4));
        Assert.Equal([ReportKind.Refused, ReportKind.Refused], _bench.Cpus[0].IpiHost.Reports.Select(report => report.Kind));
    }

    [Fact]
    public void I23_an_access_that_ends_beyond_the_mailboxes_is_rejected()
    {
        _bench.Write8(0, 0x1038, 0x1111111122222222);
        _bench.Write8(0, 0x103C, ulong.MaxValue);
        Assert.Equal(0x1111111122222222ul, _bench.Read8(0, 0x1038));
        Assert.Equal(0ul, _bench.Read8(0, 0x103C));
        Assert.Equal(0x0000000011111111ul, _bench.Read(0, 0x103C, 4));
    }

    [Fact]
    public void S1_one_ipi_costs_a_write_at_the_sender_and_a_read_and_a_write_at_the_receiver()
    {
        _bench.Write4(0, IpiSend, 0x80010000);
        _bench.Write4(1, Clear, _bench.Read4(1, Status));
        Assert.Equal(1ul, _bench.Cpus[0].Ipi.WriteExits);
        Assert.Equal(0ul, _bench.Cpus[0].Ipi.ReadExits);
        Assert.Equal(1ul, _bench.Cpus[1].Ipi.WriteExits);
        Assert.Equal(1ul, _bench.Cpus[1].Ipi.ReadExits);
        Assert.Equal("{}", _bench.Lines(1));
    }

    private void SendBothHalves()
    {
        _bench.Write8(0, MailSend, 0x1122334480010000);
        _bench.Write8(0, MailSend, 0x5566778880010004);
    }
}
