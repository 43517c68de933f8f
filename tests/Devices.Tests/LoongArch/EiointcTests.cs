using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>What EIOINTC does beyond the vectors: ranges, widths, drives, nested accesses, reports, state.</summary>
public sealed class EiointcTests
{
    private const ulong Enable = 0x1600;
    private const ulong CoreStatus = 0x1800;
    private const ulong CoreMap = 0x1C00;
    private const ulong Config = 0x40000004;

    private readonly MachineBench _bench = MachineBench.WithIds(features: 0xF);

    private Eiointc Device => _bench.Eiointc;

    private List<DeviceReport> Reports => _bench.EiointcHost.Reports;

    private List<string> Log => _bench.EiointcHost.Log;

    [Theory]
    [InlineData(0x13FF, 1, false)]
    [InlineData(0x13FC, 8, false)]
    [InlineData(0x1400, 8, true)]
    [InlineData(0x1CFF, 1, true)]
    [InlineData(0x1CFC, 8, false)]
    [InlineData(0x1D00, 1, false)]
    [InlineData(0x3FFFFFFF, 1, false)]
    [InlineData(0x40000000, 8, true)]
    [InlineData(0x40000FF8, 8, true)]
    [InlineData(0x40000FFC, 8, false)]
    [InlineData(0x40001000, 1, false)]
    [InlineData(ulong.MaxValue, 8, false)]
    public void The_device_covers_only_accesses_that_lie_in_it_whole(ulong address, int size, bool expected) =>
        Assert.Equal(expected, Eiointc.Covers(address, size));

    [Fact]
    public void Wrong_uses_say_what_was_wrong()
    {
        Assert.Contains("ask Covers first", Thrown(() => Device.Read(0, 0x1D00, 4, out _)), StringComparison.Ordinal);
        Assert.Contains("ask Covers first", Thrown(() => Device.Write(0, 0x1600, 3, 0)), StringComparison.Ordinal);
        Assert.Contains("vCPU 2 is outside the 2", Thrown(() => Device.Read(2, 0x1600, 4, out _)), StringComparison.Ordinal);
        Assert.Contains("vector 256", Thrown(() => Device.Input(256, true)), StringComparison.Ordinal);
        Assert.Contains("vector -1", Thrown(() => Device.Input(-1, true)), StringComparison.Ordinal);
        Assert.Contains("3 vCPUs", Thrown(() => _ = new Eiointc(new SilentHost(), LoongArchProfiles.Kvm, new CpuIdMap(2), 3, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Pins_are_numbered_by_cpu_and_line()
    {
        Assert.Equal((2047, 255, 7), (Eiointc.PinOf(255, 7), Eiointc.VcpuOf(2047), Eiointc.HwiOf(2047)));
        _bench.Write4(0, Config, 0xC);
        _bench.Write(0, 0x14C0, 1, 7);
        _bench.Write(0, CoreMap, 1, 1);
        _bench.Write4(0, Enable, 1);
        _bench.In(0, 1);
        Assert.Equal(["pin 15 high"], Drives());
    }

    [Fact]
    public void An_IPMAP_number_over_seven_loses_its_upper_bits()
    {
        _bench.Write4(0, Config, 4);
        _bench.Write(0, 0x14C0, 1, 0x0D);
        _bench.Write4(0, Enable, 1);
        _bench.In(0, 1);
        Assert.Equal("{HWI5}", _bench.Lines(0));
        Assert.Equal(0x0Dul, _bench.Read(0, 0x14C0, 1));
    }

    [Fact]
    public void A_line_is_raised_by_the_first_and_driven_low_whenever_nothing_holds_it()
    {
        _bench.Write4(0, Enable, 0x18);
        _bench.In(3, 1);
        _bench.In(4, 1);
        _bench.In(4, 0);
        _bench.In(3, 0);
        _bench.In(3, 0);
        _bench.In(9, 0);
        Assert.Equal(["pin 0 high", "pin 0 low", "pin 0 low", "pin 0 low"], Drives());
    }

    [Fact]
    public void An_acknowledged_level_input_that_falls_drives_the_low_line_again()
    {
        _bench.Write4(0, Enable, 8);
        _bench.In(3, 1);
        _bench.Write4(0, CoreStatus, 8);
        _bench.In(3, 0);
        Assert.Equal(["pin 0 high", "pin 0 low", "pin 0 low"], Drives());
        Assert.Equal([ReportKind.Raised, ReportKind.Acknowledged], Reports.Select(report => report.Kind));
    }

    [Fact]
    public void Enabling_and_disabling_in_one_write_raises_first_and_ascending()
    {
        _bench.Write4(0, 0x14C0, 0x0201);
        _bench.Write8(0, Enable, 0x0000000200000000);
        foreach (var vector in new[] { 0, 1, 33, 34 })
        {
            _bench.In(vector, 1);
        }

        Log.Clear();
        Reports.Clear();
        _bench.Write8(0, Enable, 0x0000000400000003);
        Assert.Equal(
            [
                new DeviceReport(ReportKind.Raised, 0, 0),
                new DeviceReport(ReportKind.Raised, 1, 0),
                new DeviceReport(ReportKind.Raised, 34, 0),
                new DeviceReport(ReportKind.Withdrawn, 33, 0),
            ],
            Reports);
        Assert.Equal(["pin 0 high"], Drives());
    }

    [Fact]
    public void A_move_lowers_the_old_cpu_before_it_raises_the_new_one()
    {
        _bench.Write4(0, Enable, 0x100);
        _bench.In(8, 1);
        Log.Clear();
        Reports.Clear();
        _bench.Write(0, CoreMap + 8, 1, 2);
        Assert.Equal(["pin 0 low", "pin 8 high"], Drives());
        Assert.Equal([new DeviceReport(ReportKind.Withdrawn, 8, 0), new DeviceReport(ReportKind.Raised, 8, 1)], Reports);
    }

    [Fact]
    public void A_narrow_COREISR_write_clears_the_bytes_it_names_and_no_others()
    {
        _bench.Write8(0, Enable, ulong.MaxValue);
        _bench.In(7, 1);
        _bench.In(8, 1);
        _bench.Write(0, CoreStatus + 1, 1, 0xFFFF);
        Assert.Equal(0x80u, _bench.Pending(0));
        _bench.Write(0, CoreStatus + 2, 2, ulong.MaxValue);
        Assert.Equal(0x80u, _bench.Pending(0));
    }

    [Fact]
    public void Narrow_reads_are_sign_extended_by_kvm()
    {
        _bench.Write8(0, Enable, 0x8000_0000_8000_8080);
        Assert.Equal(0xFFFF_FFFF_FFFF_FF80ul, _bench.Read(0, Enable, 1));
        Assert.Equal(0xFFFF_FFFF_FFFF_8080ul, _bench.Read(0, Enable, 2));
        Assert.Equal(0xFFFF_FFFF_8000_8080ul, _bench.Read(0, Enable, 4));
        Assert.Equal(0x8000_0000_8000_8080ul, _bench.Read(0, Enable, 8));
    }

    [Theory]
    [InlineData("kvm-6.18", 0xFFFF_FFFF_8000_0000, false)]
    [InlineData("kvm-6.16", 0x8000_0000, true)]
    [InlineData("kvm-6.13", 0x8000_0000, true)]
    [InlineData("qemu-11", 0x8000_0000, false)]
    [InlineData("qemu-7.2", 0x8000_0000, false)]
    public void F11_narrow_reads_of_others_extend_by_zeros_or_leave_the_upper_bytes(string profile, ulong expected, bool leavesUpper)
    {
        var bench = MachineBench.WithIds(profile);
        bench.Write4(0, Enable, 0x8000_0000);
        var value = bench.Read(0, Enable, 4);
        Assert.Equal(expected, value);
        Assert.Equal(leavesUpper, bench.Profile.NarrowRead.LeavesUpperOfEiointc());
        Assert.Equal(0x1234_5678_8000_0000ul, BusValue.ReplaceLow(0x1234_5678_0000_0001, value, 4));
    }

    [Fact]
    public void F11_was_mended_in_EIOINTC_before_it_was_in_PCH_PIC_and_the_IPI_unit()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm617);
        bench.Write4(0, Enable, 0x8000_0000);
        Assert.Equal(0xFFFF_FFFF_8000_0000ul, bench.Read(0, Enable, 4));
        Assert.False(bench.Profile.NarrowRead.LeavesUpperOfEiointc());
        bench.Write4(0, 0x1040, 31);
        Assert.Equal(0x8000_0000ul, bench.Read(0, 0x1000, 1));
    }

    [Fact]
    public void F7_a_misaligned_COREMAP_write_is_rounded_in_the_register_and_not_in_the_routes()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Kvm613);
        bench.Write4(0, CoreMap + 8, 0x01010101);
        bench.Write4(0, CoreMap + 9, 0x02020202);
        Assert.Equal(0x02020202u, bench.Read4(0, CoreMap + 8));
        Assert.Equal([0, 1, 1, 1, 1, 0], Enumerable.Range(8, 6).Select(bench.Eiointc.RouteOf));
        Assert.Equal(2ul, bench.Eiointc.WriteExits(0));
    }

    [Theory]
    [InlineData("kvm", 1)]
    [InlineData("kvm-6.18", 1)]
    [InlineData("kvm-6.16", 0)]
    [InlineData("qemu-11", 0)]
    public void S34_a_COREMAP_write_looks_at_its_neighbours_since_linux_617(string profile, int route)
    {
        var bench = new MachineBench(profile: LoongArchProfiles.Find(profile));
        Assert.Equal(Errno.Success, bench.Ids.TryAssign(0, 0));
        bench.Write4(0, CoreMap + 8, 0x01010201);
        Assert.Equal(Errno.Success, bench.Ids.TryAssign(1, 1));
        bench.Write4(0, CoreMap + 12, 0x01010101);
        Assert.Equal(route, bench.Eiointc.RouteOf(9));
    }

    [Fact]
    public void Physical_ids_are_not_indices_since_linux_616()
    {
        foreach (var profile in new[] { LoongArchProfiles.Kvm, LoongArchProfiles.Kvm613 })
        {
            var bench = new MachineBench(profile: profile, features: 0xF);
            Assert.Equal(Errno.Success, bench.Ids.TryAssign(0, 1));
            Assert.Equal(Errno.Success, bench.Ids.TryAssign(1, 200));
            bench.Write4(0, Config, 8);
            bench.Write(0, CoreMap + 5, 1, 200);
            bench.Write(0, CoreMap + 6, 1, 1);
            Assert.Equal(profile == LoongArchProfiles.Kvm ? [1, 0] : [-1, 1], new[] { bench.Eiointc.RouteOf(5), bench.Eiointc.RouteOf(6) });
        }
    }

    [Fact]
    public void A_raise_that_goes_nowhere_is_raised_and_withdrawn()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Qemu72);
        bench.Write4(0, Enable, 0x20);
        bench.Write4(0, CoreMap + 4, 0x0800);
        bench.In(5, 1);
        bench.In(5, 0);
        Assert.Equal(
            [new DeviceReport(ReportKind.Raised, 5, ulong.MaxValue), new DeviceReport(ReportKind.Withdrawn, 5, ulong.MaxValue)],
            bench.EiointcHost.Reports);
        Assert.DoesNotContain(bench.EiointcHost.Log, line => line.StartsWith("pin", StringComparison.Ordinal));
    }

    [Fact]
    public void A_masked_write_reports_the_read_only_where_a_byte_is_kept_and_the_write_before_its_effects()
    {
        _bench.Write4(0, CoreMap + 8, 0x04030101);
        _bench.Write4(0, Enable, 0x100);
        _bench.In(8, 1);
        Log.Clear();
        Assert.Equal(AccessOutcome.Done, Device.MaskedWrite(1, 0x1C08, 0b1101, 0x0000_0200));
        Assert.Equal(AccessOutcome.Done, Device.MaskedWrite(1, 0x1600, 0, 0));
        Assert.Equal(
            [
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1C08, 4, false), 0x04030101).ToString(),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1C08, 4, true), 0x04030201).ToString(),
                new DeviceReport(ReportKind.NestedAccess, 1, AccessDetail.Of(0x1600, 4, true), 0).ToString(),
                new DeviceReport(ReportKind.Withdrawn, 8, 0).ToString(),
                "pin 0 low",
            ],
            Log);
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, 1)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace, 0)]
    [InlineData("kvm-6.13", AccessOutcome.UserSpace, 0)]
    public void A_masked_write_whose_read_is_rejected_exits_before_it_writes(string profile, AccessOutcome outcome, int writes)
    {
        var bench = MachineBench.WithIds(profile);
        Assert.Equal(outcome, bench.Eiointc.MaskedWrite(1, 0x1700, 1, 0xFF));
        Assert.Equal((1ul, (ulong)writes), (bench.Eiointc.ReadExits(1), bench.Eiointc.WriteExits(1)));
        Assert.Equal(outcome, bench.Eiointc.MaskedWrite(1, 0x1D00, 0, 0xFF));
        Assert.Equal((ulong)writes, bench.Eiointc.WriteExits(1));
    }

    [Theory]
    [InlineData("kvm", AccessOutcome.Done, 0)]
    [InlineData("kvm-6.18", AccessOutcome.UserSpace, 0)]
    [InlineData("kvm-6.13", AccessOutcome.Done, 0x300)]
    public void A_misaligned_masked_write_fares_as_any_misaligned_access(string profile, AccessOutcome outcome, uint enabled)
    {
        var bench = MachineBench.WithIds(profile);
        Assert.Equal(outcome, bench.Eiointc.MaskedWrite(0, 0x1602, 0, 0x300));
        Assert.Equal(enabled, bench.Read4(0, Enable));
    }

    [Fact]
    public void The_virtual_window_ignores_sizes_and_has_nothing_beyond_its_two_registers()
    {
        _bench.Write(0, Config, 1, 0xFFFF_FFFF_0000_000C);
        Assert.Equal(0xCul, _bench.Read8(0, Config));
        Assert.Equal(0xFul, _bench.Read8(0, 0x40000000));
        Assert.Empty(Reports);

        _bench.Write4(0, 0x40000008, ulong.MaxValue);
        Assert.Equal((0ul, AccessOutcome.Done), (_bench.Read8(0, 0x40000FF8), _bench.Outcome));
        Assert.Equal([ReportKind.Refused, ReportKind.Refused], Reports.Select(report => report.Kind));

        var older = MachineBench.WithIds(LoongArchProfiles.Kvm618);
        older.Read4(0, 0x40000008);
        Assert.Equal(AccessOutcome.Done, older.Outcome);
    }

    [Fact]
    public void D3_eight_bytes_of_the_virtual_window_are_both_its_registers()
    {
        var bench = MachineBench.WithIds(LoongArchProfiles.Qemu11, features: 0xB);
        bench.Write4(0, Config, 2);
        Assert.Equal(0x0000_0002_0000_000Bul, bench.Read8(0, 0x40000000));
    }

    [Fact]
    public void A_new_encoding_moves_nothing_until_COREMAP_is_written()
    {
        _bench.Write4(0, CoreMap, 0x01010101);
        _bench.Write4(0, Config, 8);
        Assert.Equal(0, Device.RouteOf(0));
        _bench.Write(0, CoreMap + 7, 1, 0);
        Assert.Equal([1, 1, 1, 1, 0, 0, 0, 0], Enumerable.Range(0, 8).Select(Device.RouteOf));
    }

    [Theory]
    [InlineData(0x0A0, "NODETYPE[0]")]
    [InlineData(0x0BE, "NODETYPE[15]")]
    [InlineData(0x0C7, "IPMAP[7]")]
    [InlineData(0x204, "ENABLE[1]")]
    [InlineData(0x29F, "BOUNCE[7]")]
    [InlineData(0x300, "ISR[0]")]
    [InlineData(0x41C, "COREISR[7]")]
    [InlineData(0x805, "COREMAP[5]")]
    [InlineData(0x8FF, "COREMAP[255]")]
    [InlineData(0x0C8, "+0xc8")]
    [InlineData(0x420, "+0x420")]
    public void Every_offset_has_a_name(int offset, string expected)
    {
        Assert.Equal(expected, EiointcRegisters.NameOf(offset));
        Assert.Equal(expected, EiointcRegisters.NameOfAddress(EiointcRegisters.Base + (ulong)offset));
    }

    [Fact]
    public void The_virtual_window_has_names_too()
    {
        Assert.Equal("VIRT_FEATURES", EiointcRegisters.NameOfAddress(0x40000000));
        Assert.Equal("VIRT_CONFIG", EiointcRegisters.NameOfAddress(0x40000004));
        Assert.Equal("VIRT+?", EiointcRegisters.NameOfAddress(0x40000008));
    }

    [Fact]
    public void The_state_table_has_every_register_route_and_held_line()
    {
        _bench.Write8(0, Enable, 0x8000_0000_0000_0000);
        _bench.Write4(0, 0x14C0, 0x0800);
        _bench.Write(0, CoreMap + 63, 1, 2);
        _bench.In(63, 1);
        var rows = RawState.List(Device.SyncState).Where(row => row.Value != 0).Select(row => $"{row.Key}={row.Value:x}");
        Assert.Equal(
            [
                "num_cpu=2", "VIRT_FEATURES=f", "IPMAP[1]=8", "ENABLE64[0]=8000000000000000", "ISR64[0]=8000000000000000", "COREMAP[63]=2",
                "route[63]=1", "cpu[1].COREISR64[0]=8000000000000000", "cpu[1].HWI[3].active64[0]=8000000000000000", "eiointc_write_exits[0]=3",
            ],
            rows);
    }

    [Fact]
    public void Loading_state_drives_nothing_and_refuses_a_route_to_no_vcpu()
    {
        var four = MachineBench.WithIds(cpus: 4);
        four.Write(0, CoreMap, 1, 8);
        Assert.Equal(3, four.Eiointc.RouteOf(0));
        var table = RawState.List(four.Eiointc.SyncState).Select(row => row.Key).ToList();
        var saved = RawState.Save(four.Eiointc.SyncState);
        var other = MachineBench.WithIds(cpus: 4);
        RawState.Load(other.Eiointc.SyncState, saved);
        Assert.Empty(other.EiointcHost.Log);
        Assert.Equal(saved, RawState.Save(other.Eiointc.SyncState));

        var place = saved.AsSpan().IndexOf(stackalloc byte[] { 3, 0, 0, 0, 0, 0, 0, 0, 0 });
        Assert.Contains("route[0]", table);
        saved[place] = 4;
        var error = Assert.Throws<StateFormatException>(() => RawState.Load(other.Eiointc.SyncState, saved));
        Assert.Contains("route[0]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_allocated_by_accesses_when_nobody_listens()
    {
        var ids = new CpuIdMap(256);
        for (var cpu = 0; cpu < 256; cpu++)
        {
            ids.TryAssign(cpu, (ulong)cpu);
        }

        var device = new Eiointc(new SilentHost(), LoongArchProfiles.Kvm, ids, 256, 0xF);
        device.Write(0, Config, 4, 8);
        Round(device);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Round(device);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Round(Eiointc device)
    {
        device.Write(0, Enable + 24, 8, ulong.MaxValue);
        device.Input(255, true);
        device.MaskedWrite(200, 0x1CFC, 0b0111, 0xC8000000);
        device.Read(200, CoreStatus + 24, 8, out var pending);
        device.Write(200, CoreStatus + 24, 8, pending);
        device.Read(200, 0x1700, 4, out _);
        device.Input(255, false);
        device.Write(0, CoreMap + 255, 1, 0);
        EiointcRegisters.NameOfAddress(CoreStatus);
    }

    private static string Thrown(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;

    private IEnumerable<string> Drives() => Log.Where(line => line.StartsWith("pin", StringComparison.Ordinal));
}
