using Trapline.Devices.LoongArch;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary><c>wait</c>: ends when the word is another, sends nothing meanwhile, loses no change and no interrupt.</summary>
public sealed class WaitTests
{
    /// <summary>CPU 0 waits at a place until CPU 1 writes there.</summary>
    private static GuestRun Waiting(string place, string before, string statements, string sender) => GuestRun.Passing($"""
        .percpu mine, 64
        .shared common, 64
        .align 4096
        handler:
            csr.write t0, SAVE0
            li   t0, 1
            csr.write t0, TICLR
            count interrupts
            csr.read t0, SAVE0
            ertn
        start:
            cpu.index t0
            la   a0, {place}
            bnez t0, sender
            {before}
            {statements}
            exit
        sender:
            {sender}
            idle
        """.Replace("la   a0, mine", "li   t1, 0\nla.percpu a0, mine, t1", StringComparison.Ordinal), vcpus: 2);

    [Theory]
    [InlineData("mine")]
    [InlineData("common")]
    public void A_wait_ends_with_the_new_value_and_handles_no_message_meanwhile(string place)
    {
        using var run = Waiting(place, "", """
            wait.w a1, [a0], zero
            mark woken, a1
            assert.eq a1, -2
            """, """
            work 5ms
            li   a1, -2
            mark written
            st.w a1, [a0]
            """);
        // The store reaches its place in one path; a wait elsewhere hears of it after another, and reads it again.
        var heard = run.MarkAt(1, "written").Picoseconds + 500 + 25_000;
        Assert.Equal(place == "mine" ? heard + 500 : heard + 25_000 + 100_000, run.MarkAt(0, "woken").Picoseconds);
        Assert.InRange(run.Engine.Groups.SkipLast(1).Sum(group => group.Handled), 1, 20);
    }

    [Theory]
    [InlineData("wait.b a1, [a0 + 1], a2", "0x7f80", "0x80", "-128", "st.b", 1)]
    [InlineData("wait.h a1, [a0 + 2], a2", "0x10000", "0x8000", "-32768", "st.h", 2)]
    [InlineData("wait.d a1, [a0], a2", "0", "7", "7", "st.d", 0)]
    public void A_wait_compares_its_width_alone_and_extends_the_sign(string wait, string expected, string written, string result, string store, int offset)
    {
        using var run = Waiting("common", "", $"""
            li   t1, 1
            st.b t1, [a0 + 8]             # beside the word: no news
            li   a2, {(expected == "0x7f80" ? "0x7f00" : expected)}
            {wait}
            assert.eq a1, {result}
            """, $"""
            work 10us
            li   a1, {written}
            {store} a1, [a0 + {offset}]
            """);
    }

    [Fact]
    public void A_wait_for_what_is_news_already_does_not_wait()
    {
        using var run = Waiting("mine", "li t1, 3\nst.d t1, [a0]", """
            mark from
            wait.d a1, [a0], zero
            mark to
            assert.eq a1, 3
            """, "nop");
        Assert.Equal(1_000, run.Between(0, "from", "to"));
    }

    /// <summary>A change in every phase of reading, subscribing and waking: each offset is one place of the race.</summary>
    [Fact]
    public void No_change_between_reading_and_subscribing_is_lost()
    {
        for (var delay = 9_800; delay < 10_400; delay += 7)
        {
            using var run = Waiting("common", "", """
                work 10us
                wait.d a1, [a0], zero
                mark woken
                assert.eq a1, 1
                """, $"""
                work {delay}
                li   a1, 1
                st.d a1, [a0]
                """);
            Assert.InRange(run.MarkAt(0, "woken").Picoseconds, 10_000_000, 10_900_000);
        }
    }

    [Fact]
    public void A_value_that_comes_back_before_it_was_read_is_no_news_and_the_wait_goes_on()
    {
        // CPU 1 stores in its own area, half a nanosecond apart: the news is old when CPU 0 reads again.
        using var run = GuestRun.Passing("""
            .percpu mine, 8
            start:
                cpu.index t0
                li   t1, 1
                la.percpu a0, mine, t1
                bnez t0, storer
                wait.d a1, [a0], zero
                assert.eq a1, 2
                exit
            storer:
                work 10us
                st.d t1, [a0]
                st.d zero, [a0]
                work 10us
                li   a1, 2
                st.d a1, [a0]
                idle
            """, vcpus: 2);
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("common")]
    public void All_who_wait_for_one_word_are_told(string place)
    {
        using var run = GuestRun.Passing($"""
            .percpu mine, 8
            .shared common, 8
            .shared woken, 8
            start:
                cpu.index t0
                li   t1, 0
                {(place == "mine" ? "la.percpu a0, mine, t1" : "la a0, common")}
                bnez t0, waiter
                work 20us
                li   t1, 1
                st.d t1, [a0]
                li   t2, 7
            .all:
                ld.d t1, [woken]
                beq  t1, t2, .done
                wait.d t1, [woken], t1
                b    .all
            .done:
                exit
            waiter:
                wait.d a1, [a0], zero
                assert.eq a1, 1
                li   t1, 1
                amadd.d zero, t1, [woken]
                idle
            """, vcpus: 8);
    }

    /// <summary>CPU 0's timer fires every microsecond; it waits 10 us.</summary>
    [Theory]
    [InlineData("mine")]
    [InlineData("common")]
    public void An_interrupt_breaks_a_wait_off_and_it_goes_on_afterwards(string place)
    {
        using var run = Waiting(place, """
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 1 << 11
            csr.write t0, ECFG
            li   t0, 100 | 3
            csr.write t0, TCFG
            li   t0, 4
            csr.write t0, CRMD
            """, """
            wait.d a1, [a0], zero
            csr.write zero, CRMD
            assert.eq a1, 5
            """, """
            work 9500
            li   a1, 5
            st.d a1, [a0]
            """);
        Assert.Equal(9, run.Counter(0, "interrupts"));
        Assert.Equal(9, run.Vcpu(0).Statistics.Taken[CpuLines.Timer]);
    }

    /// <summary>The interrupt comes in each phase of a remote wait: on the way there, on the way back, subscribing, asleep.</summary>
    [Fact]
    public void An_interrupt_that_comes_as_a_wait_begins_is_taken_before_it_sleeps()
    {
        for (var work = 780; work < 1_040; work += 3)
        {
            using var run = Waiting("common", """
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 11
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                li   t0, 100 | 1
                csr.write t0, TCFG
                """, $"""
                work {work}
                wait.d a1, [a0], zero
                assert.eq a1, 5
                """, """
                work 100us
                li   a1, 5
                st.d a1, [a0]
                """);
            Assert.Equal(1, run.Counter(0, "interrupts"));
            Assert.InRange(run.Vcpu(0).Statistics.Latencies[1]!.Greatest.Picoseconds, 0, 100_500);
        }
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("common")]
    public void A_kick_pulls_a_waiting_cpu_out_and_it_hears_of_what_changed_meanwhile(string place)
    {
        using var run = Waiting(place, "", """
            wait.d a1, [a0], zero
            assert.eq a1, 5
            mark woken
            """, """
            work 10us
            li   a1, 0
            iocsr.write.w a1, [0x1040]    # to CPU 0, which has interrupts off; returns 1150 ns after the kick began
            li   a1, 5
            st.d a1, [a0]
            mark written
            """);
        Assert.Equal((1, 2_700_000), (run.Exits(0, "int").Count, run.Exits(0, "int").Total));
        Assert.True(run.MarkAt(0, "woken").Picoseconds - run.MarkAt(1, "written").Picoseconds > 1_500_000);
    }

    [Fact]
    public void A_handler_that_waits_itself_does_not_disturb_the_wait_it_interrupted()
    {
        using var run = GuestRun.Passing("""
            .shared outer, 8
            .shared inner, 8
            .align 4096
            handler:
                li   t0, 1
                csr.write t0, TICLR
                wait.d s1, [inner], zero
                count interrupts
                ertn
            start:
                cpu.index t0
                bnez t0, other
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 11
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                li   t0, 100 | 1
                csr.write t0, TCFG
                wait.d a1, [outer], zero
                assert.eq a1, 9
                assert.eq s1, 3
                exit
            other:
                work 5us
                li   t0, 9
                st.d t0, [outer]
                work 5us
                li   t0, 3
                st.d t0, [inner]
                idle
            """, vcpus: 2);
        Assert.Equal(1, run.Counter(0, "interrupts"));
    }
}
