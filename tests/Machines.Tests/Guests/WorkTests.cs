using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary><c>work</c>: its time is exact, whatever interrupts it; what is left follows after the return.</summary>
public sealed class WorkTests
{
    private const long Instruction = 500;

    [Theory]
    [InlineData("work 1us", 1_000_000)]
    [InlineData("work 0", Instruction)]
    [InlineData("li a0, 250\nwork a0", 250_000 + Instruction)]
    [InlineData("work zero", Instruction)]
    public void Work_takes_its_time(string statements, long picoseconds)
    {
        using var run = GuestRun.Passing($"""
            start:
                mark from
                {statements}
                mark to
                exit
            """);
        Assert.Equal(picoseconds + Instruction, run.Between(0, "from", "to"));
    }

    [Fact]
    public void Work_from_a_register_that_holds_for_ever_outlasts_the_run()
    {
        using var run = new GuestRun("""
            start:
                li   a0, -1
                work a0
                count after
                exit
            """).ToEnd();
        Assert.Null(run.End);
        Assert.Equal(0, run.Counter(0, "after"));
    }

    /// <summary>Takes 2 us, and an instruction's time for its entry and for each of its instructions.</summary>
    private const string SlowTimerHandler = """
        .align 4096
        handler:
            csr.write t0, SAVE0
            li   t0, 1
            csr.write t0, TICLR
            count interrupts
            csr.read t0, WORK
            work 2us
            csr.write t0, WORK
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
            csr.write t0, TCFG
        .endm
        """;

    // Entry, eight instructions, the work. (Its own work has left WORK alone, so that the write is only for form.)
    private const long HandlerTime = (9 * Instruction) + 2_000_000;

    /// <summary>TCFG counts ticks of 10 ns: 0x65 is 1 us, one-shot; 0x191 is 4 us, periodic with bit 1.</summary>
    [Theory]
    [InlineData("100 | 1", 1)]
    [InlineData("400 | 3", 4)]
    [InlineData("300 | 3", 8)]
    public void Interrupted_work_takes_its_own_time_and_that_of_the_handlers(string timer, int interrupts)
    {
        using var run = GuestRun.Passing($"""
            {SlowTimerHandler}
            start:
                TIMER {timer}
                mark from
                work 10us
                mark to
                exit
            """);
        Assert.Equal(interrupts, run.Counter(0, "interrupts"));
        Assert.Equal(10_000_000 + (interrupts * HandlerTime) + Instruction, run.Between(0, "from", "to"));
    }

    /// <summary>The timer is armed 1 ns before the work starts: a work of 999 ns ends as it comes due.</summary>
    [Theory]
    [InlineData(998)]
    [InlineData(999)]
    [InlineData(1000)]
    public void A_timer_that_comes_as_the_work_ends_does_not_start_it_again(int work)
    {
        using var run = GuestRun.Passing($"""
            {SlowTimerHandler}
            start:
                TIMER 100 | 1
                nop
                work {work}
                work 1us
                mark to
                exit
            """);
        Assert.Equal(1, run.Counter(0, "interrupts"));
        // The way here, eight instructions of TIMER and the nop; then both works, and the handler once.
        Assert.Equal(25_000 + (9 * Instruction) + (work * 1_000) + 1_000_000 + HandlerTime, run.MarkAt(0, "to").Picoseconds);
    }

    [Fact]
    public void A_handler_that_is_interrupted_itself_keeps_both_remainders()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                csr.read t0, ERA
                csr.read t1, PRMD
                csr.read t2, WORK
                add  s0, s0, 1
                csr.read t3, ESTAT
                and  t3, t3, 1
                bnez t3, swi
                # the timer: raises a software interrupt in the middle of its own work, with interrupts on
                li   t3, 1
                csr.write t3, TICLR
                move s1, t0
                move s2, t1
                move s3, t2
                li   t3, 1
                csr.write t3, ESTAT
                li   t3, 4
                csr.write t3, CRMD
                work 3us
                li   t3, 4
                csr.xchg zero, t3, CRMD
                csr.write s1, ERA
                csr.write s2, PRMD
                csr.write s3, WORK
                ertn
            swi:
                li   t3, 1
                csr.xchg zero, t3, ESTAT
                work 5us
                csr.write t0, ERA
                csr.write t1, PRMD
                csr.write t2, WORK
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 11 | 1
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                li   t0, 400 | 1
                csr.write t0, TCFG
                mark from
                work 10us
                mark to
                assert.eq s0, 2
                exit
            """);
        // The mark; entry, common part, timer's part before its work; entry, common part, the other's part; timer's part after its work.
        const long instructions = 1 + (1 + 7 + 9) + (1 + 7 + 6) + 6;
        Assert.Equal(18_000_000 + (instructions * Instruction), run.Between(0, "from", "to"));
    }

    /// <summary>A handler can write any number into WORK; time must go on, forwards.</summary>
    [Theory]
    [InlineData("-1")]
    [InlineData("-1000000")]
    [InlineData("0x8000000000000000")]
    [InlineData("0x7fffffffffffffff")]
    public void A_remainder_beyond_the_end_of_time_is_as_good_as_for_ever(string remainder)
    {
        using var run = new GuestRun($"""
            start:
                li   t0, {remainder}
                csr.write t0, WORK
                la   t0, .go
                csr.write t0, ERA
                ertn
            .go:
                work 1us
                count after
                exit
            """).ToEnd();
        Assert.Null(run.End);
        Assert.Equal(0, run.Counter(0, "after"));
    }

    [Fact]
    public void Work_that_a_kick_interrupts_keeps_its_remainder()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, sender
                mark from
                work 50us
                mark to
                exit
            sender:                       # the target's interrupts are off: it is pulled out and goes on
                work 10us
                li   t0, 0
                iocsr.write.w t0, [0x1040]
                idle
            """, vcpus: 2);
        Assert.Equal(1, run.Exits(0, "int").Count);
        Assert.Equal(50_000_000 + 2_700_000 + Instruction, run.Between(0, "from", "to"));
    }
}
