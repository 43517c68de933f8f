using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>What the IPI unit does beyond the vectors: ranges, widths, nesting, counters, reports.</summary>
public sealed class IpiUnitTests
{
    private readonly MachineBench _bench = MachineBench.WithIds();

    [Theory]
    [InlineData(0x0FFF, 1, false)]
    [InlineData(0x0FFC, 8, false)]
    [InlineData(0x1000, 8, true)]
    [InlineData(0x1158, 8, true)]
    [InlineData(0x115F, 1, true)]
    [InlineData(0x115C, 8, false)]
    [InlineData(0x1160, 1, false)]
    [InlineData(ulong.MaxValue, 8, false)]
    public void The_unit_covers_only_accesses_that_lie_in_it_whole(ulong address, int size, bool expected) =>
        Assert.Equal(expected, IpiUnit.Covers(address, size));

    [Theory]
    [InlineData(0x1160ul, 4)]
    [InlineData(0x1000ul, 3)]
    [InlineData(0x1000ul, 0)]
    public void An_access_that_no_bus_would_make_is_an_error_that_says_so(ulong address, int size)
    {
        var unit = _bench.Cpus[0].Ipi;
        Assert.Contains("ask Covers first", Assert.Throws<ArgumentOutOfRangeException>(() => unit.Read(address, size, out _)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => unit.Write(address, size, 0, out _));
        Assert.Equal(0ul, unit.ReadExits + unit.WriteExits);
    }

    [Fact]
    public void A_narrow_read_of_STATUS_is_cut_and_sign_extended()
    {
        _bench.Write4(0, 0x1008, 0x80000080);
        Assert.Equal(0xFFFFFFFFFFFFFF80ul, _bench.Read(0, 0x1000, 1));
        Assert.Equal(0x80ul, _bench.Read(0, 0x1000, 2));
        Assert.Equal(0xFFFFFFFF80000080ul, _bench.Read(0, 0x1000, 4));
        Assert.Equal(0x80000080ul, _bench.Read(0, 0x1000, 8));
    }

    [Fact]
    public void A_misaligned_access_that_spans_two_mailboxes_is_accepted()
    {
        _bench.Write8(0, 0x1025, 0x8877665544332211);
        Assert.Equal(0x3322110000000000ul, _bench.Read8(0, 0x1020));
        Assert.Equal(0x0000008877665544ul, _bench.Read8(0, 0x1028));
        Assert.Equal(0x8877665544332211ul, _bench.Read8(0, 0x1025));
    }

    [Fact]
    public void A_narrow_MAIL_SEND_uses_the_whole_source_register()
    {
        _bench.Write(0, 0x1048, 4, 0x1122334480010000);
        Assert.Equal(0x11223344u, _bench.Read4(1, 0x1020));
    }

    [Fact]
    public void IPI_SEND_ignores_the_upper_half_of_the_source_register()
    {
        _bench.Write8(0, 0x1040, 0xFFFFFFFF_00010002);
        Assert.Equal(4u, _bench.Read4(1, 0x1000));
    }

    [Theory]
    [InlineData(0, 0x1020)]
    [InlineData(4, 0x1024)]
    [InlineData(0x1F, 0x103C)]
    [InlineData(0x20, 0x1020)]
    public void MAIL_SEND_names_one_of_eight_halves_and_ignores_the_bits_beside(uint field, uint expected) =>
        Assert.Equal(expected, new IpiOutcome(IpiRegisters.MailSend, field).Address);

    [Fact]
    public void ANY_SEND_without_a_mask_makes_one_nested_write_and_with_one_a_read_before_it()
    {
        _bench.Write8(0, 0x1158, 0x0000001100011020);
        Assert.Equal((0ul, 1ul), (_bench.Cpus[1].Ipi.ReadExits, _bench.Cpus[1].Ipi.WriteExits));
        _bench.Write8(0, 0x1158, 0x0000220078011020 & ~(1ul << 28));
        Assert.Equal((1ul, 2ul), (_bench.Cpus[1].Ipi.ReadExits, _bench.Cpus[1].Ipi.WriteExits));
        Assert.Equal((0ul, 2ul), (_bench.Cpus[0].Ipi.ReadExits, _bench.Cpus[0].Ipi.WriteExits));
        Assert.Equal(0x2211u, _bench.Read4(1, 0x1020));
        Assert.Equal(
            [
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1020, 4, true), 0x11),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1020, 4, false), 0x11),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1020, 4, true), 0x2211),
            ],
            _bench.Cpus[1].IpiHost.Reports);
    }

    [Fact]
    public void MAIL_SEND_reports_its_nested_accesses_and_counts_none_for_it_is_no_bus_access()
    {
        _bench.Write8(1, 0x1020, 0x00000000_AABBCCDD);
        _bench.Write8(0, 0x1048, 0x1122334428010000);
        _bench.Write8(0, 0x1048, 0x5566778800010004);
        Assert.Equal((0ul, 1ul), (_bench.Cpus[1].Ipi.ReadExits, _bench.Cpus[1].Ipi.WriteExits));
        Assert.Equal(2ul, _bench.Cpus[0].Ipi.WriteExits);
        Assert.Equal(
            [
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1020, 4, false), 0xAABBCCDD),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1020, 4, true), 0x11BB33DD),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1024, 4, true), 0x55667788),
            ],
            _bench.Cpus[1].IpiHost.Reports);
    }

    [Fact]
    public void ANY_SEND_sets_and_clears_at_the_target_and_moves_its_line()
    {
        _bench.Write8(0, 0x1158, 0x0000000600011008);
        Assert.Equal((6u, "{IPI}"), (_bench.Read4(1, 0x1000), _bench.Lines(1)));
        _bench.Write8(0, 0x1158, 0x000000060001100C);
        Assert.Equal((0u, "{}"), (_bench.Read4(1, 0x1000), _bench.Lines(1)));
    }

    [Theory]
    [InlineData(0x13FEu)]
    [InlineData(0x0FFEu)]
    [InlineData(0x115Eu)]
    [InlineData(0x0000u)]
    public void ANY_SEND_outside_the_unit_is_swallowed_and_counts_only_at_the_sender(uint address)
    {
        _bench.Write8(0, 0x1158, 0xFFFFFFFF78010000 | address);
        Assert.Equal((0ul, 0ul), (_bench.Cpus[1].Ipi.ReadExits, _bench.Cpus[1].Ipi.WriteExits));
        Assert.Equal(ReportKind.Refused, Assert.Single(_bench.Cpus[1].IpiHost.Reports).Kind);
    }

    [Fact]
    public void ANY_SEND_to_IPI_SEND_sends_on_behalf_of_the_target()
    {
        _bench.Write8(0, 0x1158, 0x0000000300011040);
        Assert.Equal(8u, _bench.Read4(0, 0x1000));
        Assert.Equal(2, _bench.OutcomesOfLastWrite);
        Assert.Equal(1ul, _bench.Cpus[1].Ipi.WriteExits);
    }

    [Fact]
    public void ANY_SEND_to_MAIL_SEND_carries_no_data_for_its_payload_has_32_bits()
    {
        _bench.Write8(0, 0x1020, ulong.MaxValue);
        _bench.Write8(1, 0x1158, 0x0000000400001048);
        Assert.Equal(0x00000000FFFFFFFFul, _bench.Read8(0, 0x1020));
    }

    [Fact]
    public void ANY_SEND_to_itself_ends_at_the_third_step()
    {
        _bench.Write8(0, 0x1158, 0x0001115800011158);
        Assert.Equal(3, _bench.OutcomesOfLastWrite);
        Assert.Equal(ReportKind.Refused, _bench.Cpus[0].IpiHost.Reports[^1].Kind);
    }

    [Fact]
    public void Sends_to_absent_cpus_change_nothing()
    {
        foreach (var id in new ulong[] { 2, 255, 256, 1023 })
        {
            _bench.Write8(0, 0x1048, 0xFFFFFFFF00000000 | (id << 16));
            _bench.Write8(0, 0x1158, 0xFFFFFFFF00001004 | (id << 16));
        }

        Assert.Empty(_bench.Cpus[0].IpiHost.Log);
        Assert.Empty(_bench.Cpus[1].IpiHost.Log);
        Assert.Equal(8ul, _bench.Cpus[0].Ipi.WriteExits);
    }

    [Fact]
    public void Accesses_are_counted_also_where_they_are_rejected()
    {
        _bench.Read(0, 0x1100, 4);
        _bench.Write4(0, 0x1100, 0);
        Assert.Equal((1ul, 1ul), (_bench.Cpus[0].Ipi.ReadExits, _bench.Cpus[0].Ipi.WriteExits));
    }

    [Fact]
    public void A_set_that_finds_STATUS_not_zero_is_coalesced_and_a_clear_acknowledges_what_was_set()
    {
        _bench.Write4(0, 0x1040, 0x00010001);
        _bench.Write4(0, 0x1040, 0x00010002);
        _bench.Write4(1, 0x100C, 0xFF);
        _bench.Write4(1, 0x100C, 0xFF);
        Assert.Equal(
            [
                new DeviceReport(ReportKind.Raised, CpuLines.Ipi, 2),
                new DeviceReport(ReportKind.Coalesced, CpuLines.Ipi, 4),
                new DeviceReport(ReportKind.Acknowledged, CpuLines.Ipi, 6),
            ],
            _bench.Cpus[1].IpiHost.Reports);
    }

    [Fact]
    public void A_mailbox_write_past_the_bus_must_name_a_mailbox()
    {
        var unit = _bench.Cpus[0].Ipi;
        Assert.Throws<ArgumentOutOfRangeException>(() => unit.MaskedWrite(0x1004, 0, 1, isBusAccess: false, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => unit.MaskedWrite(0x103D, 0, 1, isBusAccess: false, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => unit.MaskedWrite(0, 0, 1, isBusAccess: false, out _));
    }

    [Theory]
    [InlineData(0x00, "STATUS")]
    [InlineData(0x04, "EN")]
    [InlineData(0x08, "SET")]
    [InlineData(0x0C, "CLEAR")]
    [InlineData(0x20, "MBUF0")]
    [InlineData(0x24, "MBUF0")]
    [InlineData(0x38, "MBUF3")]
    [InlineData(0x3F, "MBUF3")]
    [InlineData(0x40, "IPI_SEND")]
    [InlineData(0x48, "MAIL_SEND")]
    [InlineData(0x158, "ANY_SEND")]
    [InlineData(0x10, "+0x10")]
    [InlineData(0x1A0, "+0x1a0")]
    public void Every_offset_has_a_name(int offset, string expected) => Assert.Equal(expected, IpiRegisters.NameOf(offset));

    [Fact]
    public void The_state_table_has_the_rows_of_the_unit_under_the_names_of_the_manual()
    {
        _bench.Write4(0, 0x1008, 5);
        _bench.Write8(0, 0x1038, 7);
        var rows = RawState.List(_bench.Cpus[0].Ipi.SyncState);
        Assert.Equal(
            ["STATUS", "EN", "SET", "CLEAR", "MBUF0", "MBUF1", "MBUF2", "MBUF3", "ipi_read_exits", "ipi_write_exits"],
            rows.Select(row => row.Key));
        Assert.Equal([5, 0, 0, 0, 0, 0, 0, 7, 0, 2], rows.Select(row => row.Value));
    }

    [Fact]
    public void Loading_state_drives_nothing_and_refuses_a_value_that_does_not_fit()
    {
        _bench.Write4(0, 0x1008, 5);
        var saved = RawState.Save(_bench.Cpus[0].Ipi.SyncState);
        RawState.Load(_bench.Cpus[1].Ipi.SyncState, saved);
        Assert.Equal(5u, _bench.Cpus[1].Ipi.Status);
        Assert.Empty(_bench.Cpus[1].IpiHost.Log);

        saved[4] = 1;
        Assert.Contains("STATUS", Assert.Throws<StateFormatException>(() => RawState.Load(_bench.Cpus[1].Ipi.SyncState, saved)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_by_accesses_when_nobody_listens()
    {
        var unit = new IpiUnit(new SilentHost(), LoongArchProfiles.Kvm, 0);
        Round(unit);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round(unit);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Round(IpiUnit unit)
    {
        unit.Write(0x1040, 4, 0x00010001, out var send);
        unit.Set(send.Mask);
        unit.Read(0x1000, 4, out var status);
        unit.Write(0x100C, 4, status, out _);
        unit.Write(0x1048, 8, 0x1122334428010000, out var mail);
        unit.MaskedWrite(mail.Address, mail.KeepBytes, mail.Data, mail.IsBusAccess, out _);
        unit.Read(0x1100, 8, out _);
        IpiRegisters.NameOf(0x100);
    }
}
