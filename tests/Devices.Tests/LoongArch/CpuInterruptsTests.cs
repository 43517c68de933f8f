using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>The vectors of the CPU side, and entry, return, queue and wake rules beyond them.</summary>
public sealed class CpuInterruptsTests
{
    private const ulong InterruptEnable = 4;
    private const ulong AllLines = 0x1FFF;
    private const ulong Entry = 0x10000;
    private const ulong Interrupted = 0x1234;

    private readonly RecordingHost _host = new();
    private readonly CpuInterrupts _cpu;

    public CpuInterruptsTests() => _cpu = new CpuInterrupts(_host);

    [Fact]
    public void C1_an_enabled_line_is_taken_at_the_one_entry()
    {
        Prepare(AllLines, InterruptEnable);
        Raise(CpuLines.Hwi0);
        Assert.True(_cpu.WantsInterrupt);
        Assert.Equal(Entry, _cpu.TakeInterrupt(Interrupted, out var line));
        Assert.Equal(CpuLines.Hwi0, line);
        Assert.Equal(0ul, _cpu.ReadCsr(Csr.Estat) >> 16);
        Assert.Equal(4ul, _cpu.ReadCsr(Csr.Prmd) & 4);
        Assert.Equal(0ul, _cpu.ReadCsr(Csr.Crmd) & 4);
        Assert.Equal(Interrupted, _cpu.ReadCsr(Csr.Era));
        Assert.False(_cpu.WantsInterrupt);
        Assert.Contains(new DeviceReport(ReportKind.Delivered, CpuLines.Hwi0, 0), _host.Reports);
    }

    [Fact]
    public void C2_the_highest_line_goes_to_its_own_vector()
    {
        Prepare(AllLines | (3 << 16), InterruptEnable);
        Raise(CpuLines.Hwi0);
        Raise(CpuLines.Ipi);
        Assert.Equal(Entry + ((64 + 12) * 32), _cpu.TakeInterrupt(Interrupted, out var line));
        Assert.Equal(CpuLines.Ipi, line);
    }

    [Fact]
    public void C3_a_masked_line_is_neither_taken_nor_wakes()
    {
        Prepare(AllLines & ~(1ul << CpuLines.Hwi0), InterruptEnable);
        _cpu.Queue(CpuLines.Hwi0);
        Assert.False(_cpu.WakesBlocked);
        _cpu.ApplyAtGuestEntry();
        Assert.False(_cpu.WantsInterrupt);
        Assert.False(_cpu.WakesIdle);
        Assert.Equal([new DeviceReport(ReportKind.Masked, CpuLines.Hwi0, 0)], _host.Reports);
    }

    [Fact]
    public void C4_with_interrupts_off_a_line_wakes_but_is_not_taken()
    {
        Prepare(AllLines, 0);
        Assert.False(_cpu.WakesIdle);
        Raise(CpuLines.Hwi0);
        Assert.True(_cpu.WakesIdle);
        Assert.False(_cpu.WantsInterrupt);
        Assert.Throws<InvalidOperationException>(() => _cpu.TakeInterrupt(0, out _));
    }

    [Fact]
    public void C5_the_guest_writes_the_software_lines_of_ESTAT_and_no_others()
    {
        _cpu.WriteCsr(Csr.Estat, 3);
        Assert.Equal(3ul, _cpu.ReadCsr(Csr.Estat));
        _cpu.WriteCsr(Csr.Estat, ulong.MaxValue & ~1ul);
        Assert.Equal(2ul, _cpu.ReadCsr(Csr.Estat));
        Raise(CpuLines.Ipi);
        Raise(CpuLines.Hwi7);
        _cpu.WriteCsr(Csr.Estat, 0);
        Assert.Equal(0x1200ul, _cpu.ReadCsr(Csr.Estat));
    }

    [Fact]
    public void A_queued_line_is_seen_at_the_next_entry_and_wakes_a_blocked_vcpu_before()
    {
        Prepare(AllLines, InterruptEnable);
        _cpu.Queue(CpuLines.Hwi7);
        Assert.True(_cpu.HasQueued);
        Assert.Equal((false, true, false), (_cpu.WakesIdle, _cpu.WakesBlocked, _cpu.WantsInterrupt));
        Assert.Equal(0ul, _cpu.ReadCsr(Csr.Estat));
        _cpu.ApplyAtGuestEntry();
        Assert.False(_cpu.HasQueued);
        Assert.Equal((true, true, true), (_cpu.WakesIdle, _cpu.WakesBlocked, _cpu.WantsInterrupt));
        Assert.Equal(1ul << CpuLines.Hwi7, _cpu.ReadCsr(Csr.Estat));

        _cpu.Dequeue(CpuLines.Hwi7);
        Assert.Equal((true, false), (_cpu.WakesIdle, _cpu.WakesBlocked));
        _cpu.ApplyAtGuestEntry();
        Assert.Equal((false, false), (_cpu.WakesIdle, _cpu.WantsInterrupt));
    }

    [Fact]
    public void A_fall_that_a_raise_follows_leaves_the_line_high()
    {
        Raise(CpuLines.Ipi);
        _cpu.Dequeue(CpuLines.Ipi);
        _cpu.Queue(CpuLines.Ipi);
        _cpu.ApplyAtGuestEntry();
        Assert.Equal(1ul << CpuLines.Ipi, _cpu.ReadCsr(Csr.Estat));
    }

    [Fact]
    public void The_performance_line_leaves_the_queue_without_effect()
    {
        Prepare(AllLines, InterruptEnable);
        _cpu.Queue(CpuLines.Pmi);
        Assert.False(_cpu.WakesBlocked);
        _cpu.ApplyAtGuestEntry();
        Assert.False(_cpu.HasQueued);
        Assert.Equal(0ul, _cpu.ReadCsr(Csr.Estat));
    }

    [Fact]
    public void A_line_that_no_cpu_has_is_an_error()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _cpu.Queue(13));
        Assert.Throws<ArgumentOutOfRangeException>(() => _cpu.Dequeue(-1));
    }

    [Fact]
    public void A_return_restores_privilege_and_interrupt_enable()
    {
        Prepare(AllLines, InterruptEnable | 3);
        Raise(CpuLines.Swi0);
        _cpu.TakeInterrupt(Interrupted, out _);
        Assert.Equal(0, _cpu.PrivilegeLevel);
        _cpu.WriteCsr(Csr.Estat, 0);
        Assert.Equal(Interrupted, _cpu.ExceptionReturn());
        Assert.Equal(3, _cpu.PrivilegeLevel);
        Assert.Equal(InterruptEnable, _cpu.ReadCsr(Csr.Crmd) & InterruptEnable);
    }

    [Fact]
    public void A_return_with_a_line_still_up_wants_the_interrupt_again()
    {
        Prepare(AllLines, InterruptEnable);
        Raise(CpuLines.Ipi);
        _cpu.TakeInterrupt(Interrupted, out _);
        _cpu.ExceptionReturn();
        Assert.True(_cpu.WantsInterrupt);
    }

    [Theory]
    [InlineData(0, 0x10000)]
    [InlineData(2, 0x10000 + (0xD * 16))]
    public void A_fault_goes_to_the_vector_of_its_code(int spacing, ulong expected)
    {
        Prepare(AllLines | ((ulong)spacing << 16), InterruptEnable);
        Assert.Equal(expected, _cpu.RaiseFault(ExceptionCodes.Ine, 0, Interrupted));
        Assert.Equal(0xDul << 16, _cpu.ReadCsr(Csr.Estat));
        Assert.Equal(Interrupted, _cpu.ReadCsr(Csr.Era));
        Assert.Equal(0ul, _cpu.ReadCsr(Csr.Crmd) & InterruptEnable);
    }

    [Fact]
    public void An_address_fault_records_code_subcode_and_address()
    {
        Raise(CpuLines.Hwi0);
        _cpu.RaiseAddressFault(ExceptionCodes.Ade, ExceptionCodes.AdemSubcode, Interrupted, 0xBAD);
        Assert.Equal((1ul << 22) | (8ul << 16) | 4, _cpu.ReadCsr(Csr.Estat));
        Assert.Equal(0xBADul, _cpu.ReadCsr(Csr.Badv));
        Prepare(AllLines, InterruptEnable);
        _cpu.TakeInterrupt(0, out _);
        Assert.Equal(4ul, _cpu.ReadCsr(Csr.Estat));
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(-1, 0)]
    [InlineData(8, 512)]
    public void A_fault_code_that_does_not_fit_ESTAT_is_an_error(int code, int subcode) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _cpu.RaiseFault(code, subcode, 0));

    [Fact]
    public void Broken_off_work_is_saved_at_entry_and_comes_back_at_return()
    {
        Prepare(AllLines, InterruptEnable);
        Raise(CpuLines.Swi0);
        _cpu.WorkRemaining = 5_000;
        _cpu.TakeInterrupt(Interrupted, out _);
        Assert.Equal((0ul, 5_000ul), (_cpu.WorkRemaining, _cpu.ReadCsr(Csr.Work)));

        // A handler that nests keeps ERA, PRMD and WORK itself.
        var (era, mode, work) = (_cpu.ReadCsr(Csr.Era), _cpu.ReadCsr(Csr.Prmd), _cpu.ReadCsr(Csr.Work));
        _cpu.WorkRemaining = 70;
        _cpu.RaiseFault(ExceptionCodes.Brk, 0, 0x77);
        Assert.Equal(0x77ul, _cpu.ExceptionReturn());
        Assert.Equal((70ul, 0ul), (_cpu.WorkRemaining, _cpu.ReadCsr(Csr.Work)));
        _cpu.WriteCsr(Csr.Era, era);
        _cpu.WriteCsr(Csr.Prmd, mode);
        _cpu.WriteCsr(Csr.Work, work);
        Assert.Equal(Interrupted, _cpu.ExceptionReturn());
        Assert.Equal(5_000ul, _cpu.WorkRemaining);
    }

    [Fact]
    public void A_software_line_reports_its_raise_mask_and_clear()
    {
        _cpu.WriteCsr(Csr.Ecfg, 1);
        _cpu.WriteCsr(Csr.Estat, 3);
        _cpu.WriteCsr(Csr.Estat, 2);
        Assert.Equal(
            [
                new DeviceReport(ReportKind.Raised, 0, 0),
                new DeviceReport(ReportKind.Raised, 1, 0),
                new DeviceReport(ReportKind.Masked, 1, 0),
                new DeviceReport(ReportKind.Acknowledged, 0, 0),
            ],
            _host.Reports);
    }

    [Fact]
    public void The_timer_line_is_seen_at_once_and_coalesces()
    {
        Prepare(AllLines, InterruptEnable);
        _cpu.DriveTimer(true);
        Assert.True(_cpu.WantsInterrupt);
        _cpu.DriveTimer(true);
        _cpu.DriveTimer(false);
        _cpu.DriveTimer(false);
        Assert.False(_cpu.WantsInterrupt);
        Assert.Equal([ReportKind.Raised, ReportKind.Coalesced, ReportKind.Acknowledged], _host.Reports.Select(report => report.Kind));
    }

    [Fact]
    public void The_state_table_has_the_names_of_the_manual()
    {
        Assert.Equal(
            [
                "CRMD", "PRMD", "ECFG", "ESTAT", "GINTC.VIP", "ERA", "BADV", "EENTRY", "CPUID", "pend", "clr", "WORK",
                "work remaining",
            ],
            RawState.Names(_cpu.SyncState));
    }

    [Fact]
    public void Impossible_state_is_refused_by_the_name_of_its_row()
    {
        // Each row in turn with a bit that it cannot have, the others as after reset.
        (string Name, ulong Wrong)[] rows =
        [
            ("CRMD", 1 << 10), ("PRMD", 1 << 4), ("ECFG", 1 << 13), ("ESTAT", 1 << 2), ("GINTC.VIP", 0x100), ("EENTRY", 1),
            ("CPUID", 257), ("pend", 1 << 13), ("clr", 1 << 13),
        ];
        var good = RawState.List(_cpu.SyncState);
        foreach (var (name, wrong) in rows)
        {
            var writer = new StateWriter();
            foreach (var row in good)
            {
                var value = row.Key == name ? wrong : row.Value;
                writer.Row(row.Key, ref value);
            }

            var error = Assert.Throws<StateFormatException>(() => RawState.Load(new CpuInterrupts(_host).SyncState, writer.Written.ToArray()));
            Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        }
    }

    private void Prepare(ulong configuration, ulong mode)
    {
        _cpu.WriteCsr(Csr.Ecfg, configuration);
        _cpu.WriteCsr(Csr.Eentry, Entry);
        _cpu.WriteCsr(Csr.Crmd, mode);
    }

    private void Raise(int line)
    {
        _cpu.Queue(line);
        _cpu.ApplyAtGuestEntry();
    }
}
