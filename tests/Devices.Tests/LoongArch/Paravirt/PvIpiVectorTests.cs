using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>The numbered vectors P1 to P24 and P29 to P31: whom a paravirtual IPI names. P25 to P28 need vCPUs that run.</summary>
public sealed class PvIpiVectorTests
{
    private const ulong All = ulong.MaxValue;
    private const ulong Top = 1ul << 63;

    private static readonly int[] Sparse = [0, 5, 63, 64, 127, 128, 200, 255];

    private static void Names(ParavirtProfile profile, int[] map, ulong a1, ulong a2, ulong a3, IEnumerable<int> expected)
    {
        var bench = new PvBench(profile, map);
        bench.Call(Hypercalls.ServiceCode, Hypercalls.FunctionIpi, a1, a2, a3);
        Assert.Equal(expected, bench.SignalledIds());
        Assert.Equal((0ul, 1ul), (bench.Arguments[0], bench.Hypercalls.Exits));
    }

    private static void OfMap(int[] map, ulong a1, ulong a2, ulong a3, params int[] expected)
    {
        Names(ParavirtProfiles.Final, map, a1, a2, a3, expected);
        Names(ParavirtProfiles.V6, map, a1, a2, a3, expected);
    }

    private static void Of16(ulong a1, ulong a2, ulong a3, params int[] expected) => OfMap(PvBench.Contiguous(16), a1, a2, a3, expected);

    private static void Of256(ulong a1, ulong a2, ulong a3, params int[] expected) => OfMap(PvBench.Contiguous(256), a1, a2, a3, expected);

    private static int[] From(int first, int last) => [.. Enumerable.Range(first, last - first + 1)];

    [Fact]
    public void P1_unicast() => Of16(1, 0, 3, 3);

    [Fact]
    public void P2_all_with_the_caller() => Of16(0xFFFF, 0, 0, From(0, 15));

    [Fact]
    public void P3_all_but_self() => Of16(0xFFFE, 0, 0, From(1, 15));

    [Fact]
    public void P4_nobody() => Of16(0, 0, 0);

    [Fact]
    public void P5_the_last_of_the_first_word() => Of256(Top, 0, 0, 63);

    [Fact]
    public void P6_the_first_of_the_second_word()
    {
        Of256(0, 1, 0, 64);
        Names(ParavirtProfiles.V5, PvBench.Contiguous(256), 0, 1, 0, [0]);
    }

    [Fact]
    public void P7_both_sides_of_the_boundary() => Of256(Top, 1, 0, 63, 64);

    [Fact]
    public void P8_the_full_window() => Of256(All, All, 0, From(0, 127));

    [Fact]
    public void P9_the_full_window_from_128() => Of256(All, All, 128, From(128, 255));

    [Fact]
    public void P10_a_window_beyond_the_last_id() => Of256(All, All, 200, From(200, 255));

    [Fact]
    public void P11_an_id_beyond_the_last() => Of256(0x400, 0, 250);

    [Fact]
    public void P12_the_highest_id() => Of256(0, Top, 128, 255);

    [Fact]
    public void P13_one_more_than_the_highest() => Of256(0, Top, 129);

    [Fact]
    public void P14_the_base_wraps_around() => Of256(0xB, 0, 0xFFFF_FFFE, 1);

    [Fact]
    public void P15_the_base_has_32_bits() => Of256(1, 0, 0x1_0000_0000, 0);

    [Fact]
    public void P16_of_any_greater_number() => Of256(1, 0, 0x1_0000_00FF, 255);

    [Fact]
    public void P17_the_base_256() => Of256(1, 0, 256);

    [Fact]
    public void P18_the_base_minus_one() => Of256(3, 0, All, 0);

    [Fact]
    public void P19_the_greatest_signed_base_and_then_negative_ids() => Of256(All, All, 0x7FFF_FFFF);

    [Fact]
    public void P20_holes_are_ignored() => OfMap(Sparse, All, All, 0, 0, 5, 63, 64, 127);

    [Fact]
    public void P21_holes_are_ignored_from_128() => OfMap(Sparse, All, All, 128, 128, 200, 255);

    [Fact]
    public void P22_a_cpu_that_is_offline_in_the_guest_is_signalled_all_the_same()
    {
        var bench = new PvBench(ParavirtProfiles.Final, PvBench.Contiguous(16));
        bench.Cpus[7].Interrupts.WriteCsr(Csr.Ecfg, 0);
        bench.Call(Hypercalls.ServiceCode, 1, 0x80);
        Assert.Equal([7], bench.Signalled());
    }

    [Fact]
    public void P23_a_vcpu_that_never_ran_has_it_pending_until_its_first_entry()
    {
        var bench = new PvBench(ParavirtProfiles.Final, PvBench.Contiguous(16));
        bench.Call(Hypercalls.ServiceCode, 1, 0x20);
        Assert.Equal([5], bench.Signalled());
        Assert.Equal(0ul, bench.Cpus[5].Interrupts.ReadCsr(Csr.Estat));
        bench.Cpus[5].Csrs.EnterGuest(VirtualTime.Zero);
        Assert.Equal(1ul, bench.Cpus[5].Interrupts.ReadCsr(Csr.Estat));
    }

    [Fact]
    public void P24_the_reset_register_takes_it_back()
    {
        var bench = new PvBench(ParavirtProfiles.Final, PvBench.Contiguous(16));
        bench.Call(Hypercalls.ServiceCode, 1, 0x20);
        Assert.True(bench.StealTimes[5].TryRegister(0x9000_0041));
        Assert.Equal(0, bench.Uapi[5].SetOneRegister(OneRegister.VcpuReset, 0, VirtualTime.Zero));
        Assert.Empty(bench.Signalled());
        Assert.Equal((0ul, false), (bench.StealTimes[5].Address, bench.StealTimes[5].UpdateWanted));
        Assert.Equal(5, bench.Ids.Find(5));
    }

    [Fact]
    public void P29_V5_lost_the_upper_half()
    {
        Names(ParavirtProfiles.V5, PvBench.Contiguous(128), All, All, 0, From(0, 63));
        Names(ParavirtProfiles.V7, PvBench.Contiguous(128), All, All, 0, []);
    }

    [Fact]
    public void P30_unmapped_ids_are_no_failure() => OfMap([0], 3, 0, 0, 0);

    [Fact]
    public void P31_a_vcpu_with_two_ids_is_interrupted_once()
    {
        var bench = new PvBench(ParavirtProfiles.V6, [5]);
        Assert.Equal(0, bench.Ids.TryAssign(0, 7));
        bench.Call(Hypercalls.ServiceCode, 1, 0xA0);
        Assert.Equal(2, bench.Queued);
        bench.Cpus[0].Csrs.EnterGuest(VirtualTime.Zero);
        bench.Cpus[0].Csrs.EnterGuest(VirtualTime.Zero);
        Assert.Equal(1ul, bench.Cpus[0].Interrupts.ReadCsr(Csr.Estat));
        Assert.False(bench.Cpus[0].Interrupts.IsQueued(CpuLines.Swi0));
    }

    /// <summary>Of the vectors of the interrupt controllers.</summary>
    [Fact]
    public void I24_both_cpus_of_the_map_get_SWI0()
    {
        var bench = new PvBench(ParavirtProfiles.Final, [0, 1]);
        bench.Call(Hypercalls.ServiceCode, Hypercalls.FunctionIpi, 0b11);
        foreach (var cpu in bench.Cpus)
        {
            cpu.Csrs.EnterGuest(VirtualTime.Zero);
            Assert.Equal(1ul << CpuLines.Swi0, cpu.Interrupts.ReadCsr(Csr.Estat));
        }
    }

    [Fact]
    public void Targets_come_in_ascending_order_of_their_bits()
    {
        var targets = new IpiTargets(new HypercallArguments(1, 0x8000_0000_0000_0003, 3, 0xFFFF_FFFF, 0, 0), SecondBitmap.Continues);
        var taken = new List<int>();
        while (targets.TryTake(out var cpuId))
        {
            taken.Add(cpuId);
        }

        Assert.Equal([-1, 0, 62, 63, 64], taken);
        Assert.False(targets.TryTake(out _));
    }

    [Fact]
    public void A_queued_raise_that_finds_one_that_was_not_cleared_is_reported_as_joined()
    {
        var cpu = new PvBench(ParavirtProfiles.Final, [0]).Cpus[0];
        cpu.Interrupts.Queue(CpuLines.Swi0);
        cpu.Csrs.EnterGuest(VirtualTime.Zero);
        Assert.DoesNotContain(cpu.CsrHost.Reports, report => report.Kind == Devices.Common.ReportKind.Coalesced);
        cpu.Interrupts.Queue(CpuLines.Swi0);
        cpu.Csrs.EnterGuest(VirtualTime.Zero);
        Assert.Single(cpu.CsrHost.Reports, report => report.Kind == Devices.Common.ReportKind.Coalesced && report.Line == CpuLines.Swi0);
    }
}
