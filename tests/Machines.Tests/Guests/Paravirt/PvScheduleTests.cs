using System.Numerics;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>
/// The numbered properties W9 to W11 on drawn schedules: 1 to 8 CPUs send vectors 1 to 4 to one, which listens now and then. And
/// a stop in the middle of a hypercall.
/// </summary>
public sealed class PvScheduleTests
{
    private const int Seeds = 24;
    private const int Sends = 12;

    /// <summary>The receiver's steps in the wrong order, with room between.</summary>
    private static string Swapped(string text) => text.Replace("""
            li   t0, 1 << INTERRUPT_SWI0
            csr.xchg zero, t0, ESTAT
            la.percpu t0, pv_message
            amswap.w a0, zero, [t0]
        """, """
            la.percpu t0, pv_message
            amswap.w a0, zero, [t0]
            work 2us
            li   t0, 1 << INTERRUPT_SWI0
            csr.xchg zero, t0, ESTAT
        """, StringComparison.Ordinal);

    /// <summary>The receiver is the last CPU. A call comes only from who found the word empty, so it counts those transitions.</summary>
    private static GuestRun Run(ulong seed, int senders, Func<string, string>? rewrite = null) => new($"""
        .include "exception.inc.guest"
        .include "pv-ipi.inc.guest"
        .shared found, 8
        .shared finished, 8
        .shared sent, 8
        EXCEPTION_HANDLER exception_unexpected, exception_unexpected, exception_unexpected, on_software
        on_software:
            PUSH ra
            call pv_ipi_read_clear
            POP  ra
            count runs
            mark action, a0
            bnez a0, .served
            count nothing
        .served:
            or   s7, s7, a0
            ret
        start:
            call exception_init
            cpu.index t0
            bnez t0, .wait
            call pv_ipi_init
            li   t0, 1
            st.d t0, [found]
            b    .found
        .wait:
            wait.d t1, [found], zero
        .found:
            call smp_init_ipi
            cpu.index t0
            li   t1, {senders}
            beq  t0, t1, receiver
            li   s0, {Sends}
        .send:
            random t0, 6000
            work t0
            random a1, 4
            add  a1, a1, 1
            li   t0, 1
            sll  t0, t0, a1
            amor.d zero, t0, [sent]
            li   a0, {senders}
            call smp_send_single
            sub  s0, s0, 1
            bnez s0, .send
            li   t0, 1
            amadd.d zero, t0, [finished]
        .sleep:
            idle
            b    .sleep
        receiver:
            li   s0, 60
        .again:
            INTERRUPTS_ON
            random t0, 3000
            work t0
            INTERRUPTS_OFF
            random t0, 3000
            work t0
            sub  s0, s0, 1
            bnez s0, .again
            INTERRUPTS_ON
            work 50us
            ld.d t0, [finished]
            assert.eq t0, {senders}
            ld.d t0, [sent]
            mark sent, t0
            mark served, s7
            la.percpu t0, pv_message
            ld.w t0, [t0]
            mark word, t0
            exit
        """, vcpus: senders + 1, seed: seed, rewrite: rewrite);

    [Fact]
    public void W9_a_hypercall_a_handler_and_a_word_that_fills_are_one()
    {
        var (calls, coalesced) = (0L, 0L);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var senders = 1 + (int)(seed % 8);
            using var run = ToEnd(Run(seed, senders));
            var hypercalls = Enumerable.Range(0, senders).Sum(cpu => (long)run.Vcpu(cpu).HypercallExits);
            Assert.Equal((seed, hypercalls), (seed, run.Counter(senders, "runs")));
            Assert.Equal((seed, 0L), (seed, run.Counter(senders, "nothing")));

            // No two of them are ever outstanding: nothing is coalesced by the host.
            var fates = run.Vcpu(senders).Statistics.SoftwareFates;
            Assert.Equal((hypercalls, 0, hypercalls, 0), (fates.Raised, fates.Coalesced, fates.Handled, fates.Open));
            calls += hypercalls;
            coalesced += (Sends * senders) - hypercalls;
        }

        Assert.True(calls > 200 && coalesced > 100, $"{calls} calls, {coalesced} sends without one: nothing was tested");
    }

    [Fact]
    public void W10_no_action_is_lost()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var senders = 1 + (int)(seed % 8);
            using var run = ToEnd(Run(seed, senders));
            var served = run.Marks(senders, "served").Single().Value;
            Assert.Equal((seed, run.Marks(senders, "sent").Single().Value), (seed, served));
            Assert.InRange(BitOperations.PopCount(served), 1, 4);
            Assert.Equal((seed, 0ul), (seed, run.Marks(senders, "word").Single().Value));
        }
    }

    [Fact]
    public void W11_a_receiver_that_takes_the_word_first_loses_interrupts()
    {
        var stuck = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var senders = 1 + (int)(seed % 8);
            using var run = ToEnd(Run(seed, senders, Swapped));
            stuck += run.Marks(senders, "word").Single().Value != 0 && run.Vcpu(senders).Statistics.SoftwareFates.Open == 0 ? 1 : 0;
        }

        Assert.True(stuck > 0, "no schedule showed it");
    }

    /// <summary>One CPU in a call to seven others, in all their states, stopped at each of its points.</summary>
    [Fact]
    public void A_run_that_was_saved_and_loaded_in_the_middle_of_a_hypercall_ends_with_the_same_digest()
    {
        using var whole = Multicast().ToEnd();
        var (from, to) = (whole.MarkAt(0, "begin"), whole.MarkAt(0, "end"));
        var phases = new HashSet<bool>();
        var targets = new HashSet<ulong>();
        for (var at = from.Picoseconds; at < to.Picoseconds; at += 23_000)
        {
            using var first = Multicast();
            first.Engine.Start();
            first.Engine.Run(new VirtualTime(at));
            var writer = new StateWriter();
            first.Engine.SyncState(writer);
            var lister = new StateLister();
            first.Vcpu(0).SyncState(lister);
            phases.Add(lister.Rows.Single(row => row.Key.EndsWith(".signalOpen", StringComparison.Ordinal)).Value != 0);
            targets.Add(lister.Rows.Single(row => row.Key.EndsWith(".signalTarget", StringComparison.Ordinal)).Value);

            using var second = Multicast();
            var reader = new StateReader(writer.Written);
            second.Engine.SyncState(reader);
            reader.Finish();
            second.Engine.Run(VirtualTime.Never);
            Assert.Equal((at, whole.Digest(), whole.End), (at, second.Digest(), second.End));
        }

        Assert.Equal((2, 9), (phases.Count, targets.Count));
    }

    [Fact]
    public void Windows_and_threads_change_no_digest_of_a_large_multicast()
    {
        var multicast = new PvMulticast { Ids = [.. Enumerable.Range(0, 256)], Caller = 3 };
        using var one = multicast.Run();
        using var two = multicast.Run(options: new EngineOptions { Threads = 2 });
        using var four = multicast.Run(options: new EngineOptions { Threads = 4, Window = VirtualTime.FromNanoseconds(7) });
        Assert.Equal((one.Digest(), one.Digest()), (two.Digest(), four.Digest()));
    }

    private static GuestRun ToEnd(GuestRun run)
    {
        run.ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return run;
    }

    private static GuestRun Multicast() => new("""
        start:
            li   t0, 1
            csr.write t0, ECFG
            cpu.index t0
            beqz t0, caller
            and  t1, t0, 1
            beqz t1, .sleep
            li   t1, 3
            beq  t0, t1, .outside
            work 1ms
        .outside:
            cpucfg t0, zero
            b    .outside
        .sleep:
            idle
            work 1ms
        caller:
            work 10us
            li   a0, 1
            li   a1, 0xfff
            li   a2, 0
            li   a3, 0
            mark begin
            hypercall 0x100
            mark end
            work 30us
            exit
        """, vcpus: 8);
}
