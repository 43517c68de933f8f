using Trapline.Devices.LoongArch;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>The constant timer of a vCPU that runs, works, waits, sleeps or is outside the guest.</summary>
public sealed class TimerTests
{
    private const long Instruction = 500;

    private const string Handler = """
        .align 4096
        handler:
            mark taken
            csr.write t0, SAVE0
            li   t0, 1
            csr.write t0, TICLR
            csr.read t0, SAVE0
            ertn
        .macro TIMER configuration
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 1 << 11
            csr.write t0, ECFG
            li   t0, 4
            csr.write t0, CRMD
            li   t0, \configuration
            mark armed
            csr.write t0, TCFG
        .endm
        """;

    /// <summary>When the handler's mark came, from the write of TCFG.</summary>
    private static long[] Taken(GuestRun run) =>
        [.. run.Marks(0, "taken").Select(mark => (mark.At - run.MarkAt(0, "armed")).Picoseconds - Instruction)];

    private static GuestRun Run(string statements, CostProfile? costs = null) => GuestRun.Passing($"""
        {Handler}
        start:
            {statements}
            exit
        """, costs: costs);

    [Fact]
    public void C6_a_one_shot_fires_once_and_counts_down_from_its_greatest_value_afterwards()
    {
        using var run = Run("""
            TIMER 0x401
                csr.read t1, TVAL
                assert.le t1, 0x400
                work 30us
                csr.read t1, TVAL
                li   t2, 0x400
                assert.gt t1, t2, "TVAL after the expiry"
                csr.read t1, TCFG
                assert.eq t1, 0x401
            """);
        // The entry takes an instruction, then the mark acts.
        Assert.Equal([10_240_000 + Instruction], Taken(run));
    }

    [Fact]
    public void C7_a_periodic_timer_fires_at_every_period_from_its_start()
    {
        using var run = Run("""
            TIMER 0x403
                li   s0, 80
            .again:
                work 500
                csr.read t1, TVAL
                assert.le t1, 0x400
                sub  s0, s0, 1
                bnez s0, .again
            """);
        Assert.Equal([.. Enumerable.Range(1, 3).Select(n => (n * 10_240_000L) + Instruction)], Taken(run));
    }

    [Fact]
    public void C8_and_C9_TI_stays_until_TICLR_and_a_stopped_timer_does_not_fire()
    {
        using var run = Run("""
            li   t0, 101 | 1
                csr.write t0, TCFG
                work 2us
                csr.write zero, TICLR
                csr.read t1, ESTAT
                assert.eq t1, 1 << 11
                csr.read t1, TICLR
                assert.eq t1, 0
                li   t0, 1
                csr.write t0, TICLR
                csr.read t1, ESTAT
                assert.eq t1, 0
                li   t0, 100 | 3
                csr.write t0, TCFG
                work 500ns
                csr.write zero, TCFG
                work 5us
                csr.read t1, ESTAT
                assert.eq t1, 0
            """);
        Assert.Equal((1, 0, 1), (run.Vcpu(0).Statistics.OwnFates.Raised, run.Vcpu(0).Statistics.OwnFates.Coalesced, run.Vcpu(0).Statistics.OwnFates.Handled));
    }

    /// <summary>TI while instructions run, in work, asleep, and outside the guest, where the next entry brings it.</summary>
    [Theory]
    [InlineData(".spin: csr.read t1, SAVE1\nbeqz s1, .more\n.more:\nadd s0, s0, 1\nli t2, 8000\nblt s0, t2, .spin", 4_000_000)]
    [InlineData("work 8us", 4_000_000)]
    [InlineData("idle", 4_000_000 + 5_000_000)]
    [InlineData("cpucfg t1, zero", 6_000_000)]
    [InlineData("iocsr.read.w t1, [0]", 5_357_000)]
    public void TI_is_taken_in_every_phase(string statements, long expected)
    {
        using var run = Run($"TIMER 400 | 1\n{statements}", GuestRun.Costs((CostNames.Hypercall, 6_000)));
        var taken = Assert.Single(Taken(run));
        // Outside the guest: an exit that started one instruction after the write.
        Assert.Equal(expected + Instruction + (expected is 6_000_000 or 5_357_000 ? Instruction : 0), taken);
    }

    /// <summary>
    /// A timer that a vCPU arms while it runs ahead in its window must still stop it in time: windows of 400 ns are
    /// longer than the timer's 40 ns.
    /// </summary>
    [Theory]
    [InlineData("4 | 1", 40_000)]
    [InlineData("8 | 1", 80_000)]
    [InlineData("4 | 3", 40_000)]
    [InlineData("0 | 1", 0)]
    public void A_timer_shorter_than_the_window_is_taken_on_time(string configuration, long picoseconds)
    {
        using var run = Run($"""
            TIMER {configuration}
                li   s0, 300
            .again:
                sub  s0, s0, 1
                bnez s0, .again
                csr.write zero, TCFG
            """, GuestRun.PathLatency(400));
        var first = Taken(run)[0];
        Assert.Equal(Math.Max(picoseconds, Instruction) + Instruction, first);
    }

    /// <summary>The least period is one tick, 10 ns: shorter than the profile's own windows.</summary>
    [Fact]
    public void A_timer_of_one_tick_is_taken_on_time()
    {
        using var run = Run("""
            TIMER 3
                li   s0, 3
            .again:
                work 50ns
                sub  s0, s0, 1
                bnez s0, .again
                csr.write zero, TCFG
            """);
        // The handler takes 3.5 ns with its entry, so that each tick is taken as it comes.
        Assert.Equal([0, 10_000, 20_000, 30_000], Taken(run)[..4].Select(at => at - Instruction - (at < 9_000 ? Instruction : 0)));
    }

    [Fact]
    public void Missed_periods_are_one_interrupt_and_the_phase_stays()
    {
        // C13: 25 us outside the guest, 2.5 periods.
        using var run = Run("""
            TIMER 1000 | 3
                cpucfg t1, zero
                work 10us
            """, GuestRun.Costs((CostNames.Hypercall, 25_000)));
        Assert.Equal([25_000_000 + (2 * Instruction), 30_000_000 + Instruction], Taken(run));
        Assert.Equal((3, 1, 2), (run.Vcpu(0).Statistics.OwnFates.Raised, run.Vcpu(0).Statistics.OwnFates.Coalesced, run.Vcpu(0).Statistics.OwnFates.Handled));
        Assert.Equal(2, run.Vcpu(0).Statistics.Taken[CpuLines.Timer]);
    }

    [Fact]
    public void The_stable_counter_counts_ticks_and_CNTC_is_added()
    {
        using var run = Run("""
            time.read s0
                work 1us
                time.read s1
                sub  s1, s1, s0
                assert.eq s1, 100
                li   t0, 1000
                csr.write t0, CNTC
                time.read s2
                sub  s2, s2, s0
                assert.eq s2, 1100
                csr.read t0, TID
                assert.eq t0, 0
            """);
    }
}
