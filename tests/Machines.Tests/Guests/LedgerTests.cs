using Trapline.Actors.Statistics;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>What a run paid, by the names of the cost profile 3c5000, in ps: instruction 500, E 1213 ns, C_kern 1801, C_user 5357, t_mem 100.</summary>
public sealed class LedgerTests
{
    private const string Listener = """
        .include "loongarch.inc.guest"
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        .shared ready, 8
        EXCEPTION_HANDLER handle_ipi
        handle_ipi:
            PUSH ra
            call ipi_read_clear
            POP ra
            ret
        start:
            call exception_init
            call ipi_init
            cpu.index t0
            beqz t0, sender
            li   t0, 1
            amadd.d zero, t0, [ready]
        """;

    private const string Sender = """
        sender:
            li   t1, vcpus - 1
        .wait:
            ld.d t0, [ready]
            beq  t0, t1, .ready
            wait.d t0, [ready], t0
            b    .wait
        .ready:
            work 20us
            mark send.begin
            li   a0, 1
            li   a1, ACTION_RESCHEDULE
            call ipi_send_single
            mark send.end
            work 30us
            exit 0
        """;

    [Fact]
    public void Instructions_memory_accesses_work_and_user_space_are_booked_under_their_names_to_the_picosecond()
    {
        using var run = GuestRun.Passing("""
            .shared cell, 8
            start:
                mark all.begin
                li   t0, 7
                st.d t0, [cell]
                ld.d t1, [cell]
                work 3us
                li   t2, 0x1fe001e3
                mmio.read.bu t3, [t2]
                hypercall 99
                mark all.end, 4
                exit 0
            """);

        // The begin mark is the first of the section's instructions, the end mark is none of them.
        Assert.Equal(
            new Dictionary<CostKind, (long, long)>
            {
                [CostKind.Instruction] = (3, 1_500),
                [CostKind.RemoteMemory] = (2, 200_000),
                [CostKind.Work] = (0, 3_000_000),
                [CostKind.UserAccess] = (1, 5_357_000),
                [CostKind.Hypercall] = (1, 1_213_000),
            },
            run.Section(0, "all"));
        Assert.Equal(run.Between(0, "all.begin", "all.end"), run.Vcpu(0).Statistics.Ledger.Sections[0].Elapsed);
        Assert.Equal(4UL, run.Vcpu(0).Statistics.Ledger.Sections[0].Operations);
    }

    [Theory]
    [InlineData(".sleep:\n IDLE\n b .sleep\n", CostKind.KickIdle, 770_000)]
    [InlineData("INTERRUPTS_ON\n.spin:\n work 100us\n b .spin\n", CostKind.KickRunning, 250_000)]
    [InlineData(".out:\n iocsr.read.w t0, [IPI_EN]\n b .out\n", CostKind.KickOutside, 50_000)]
    public void The_sender_of_an_ipi_pays_its_trap_and_the_kick_that_the_target_s_state_asks_for(string target, CostKind kick, long price)
    {
        using var run = GuestRun.Passing(Listener + "\n" + target + Sender, vcpus: 2);

        var paid = run.Section(0, "send");

        Assert.Equal((1L, 1_801_000L), paid[CostKind.KernelAccess]);
        Assert.Equal((1L, price), paid[kick]);
        Assert.Equal([CostKind.Instruction, CostKind.KernelAccess, kick], paid.Keys.Order());
        Assert.Equal(run.Between(0, "send.begin", "send.end"), paid.Values.Sum(entry => entry.Time));
    }

    [Fact]
    public void A_sleeper_pays_the_way_out_its_sleep_and_its_waking()
    {
        var sleeper = ".sleep:\n mark nap.begin\n idle\n mark nap.end\n INTERRUPTS_ON\n INTERRUPTS_OFF\n b .sleep\n";
        using var run = GuestRun.Passing(Listener + "\n" + sleeper + Sender, vcpus: 2);

        var paid = run.Section(1, "nap");

        Assert.Equal((1L, 606_500L), paid[CostKind.Hypercall]);
        Assert.Equal((1L, 5_000_000L), paid[CostKind.WakeIdle]);
        Assert.Equal((0, run.Vcpu(1).Statistics.Ledger.Sections[0].Elapsed - 606_500 - 5_000_000 - 500), paid[CostKind.Asleep]);
    }

    [Fact]
    public void Work_named_after_a_cost_takes_it_and_is_counted_once_even_if_interrupted()
    {
        var costs = GuestRun.Costs((CostNames.WakeUpPath, 30_000));
        var worker = "INTERRUPTS_ON\n mark named.begin\n work cost.wakeUpPath\n mark named.end\n.end:\n wait.d zero, [ready], t9\n b .end\n";
        using var run = GuestRun.Passing(Listener + "\n" + worker.Replace("t9", "zero", StringComparison.Ordinal) + Sender, vcpus: 2, costs: costs);

        Assert.Equal((1L, 30_000_000L), run.Section(1, "named")[CostKind.WakeUpPath]);
        Assert.Equal(1, run.Section(1, "named")[CostKind.WakeRunning].Count);
    }

    [Fact]
    public void A_cost_taken_off_another_is_booked_below_nothing_and_the_work_is_the_difference()
    {
        var costs = GuestRun.Costs((CostNames.WakeUpPath, 1_100), (CostNames.NativeIpi, 150));
        using var run = GuestRun.Passing("start:\n mark w.begin\n work cost.wakeUpPath - cost.nativeIpi\n mark w.end\n exit 0", costs: costs);

        Assert.Equal((1L, 1_100_000L), run.Section(0, "w")[CostKind.WakeUpPath]);
        Assert.Equal((-1L, -150_000L), run.Section(0, "w")[CostKind.NativeIpi]);
        Assert.Equal(950_500, run.Between(0, "w.begin", "w.end"));
    }

    [Fact]
    public void Waiting_for_a_device_that_others_use_is_not_hidden_in_the_access()
    {
        using var run = GuestRun.Passing("""
            .shared done, 8
            start:
                mark access.begin
                li   s1, 20
            .again:
                li   t1, 0
                iocsr.write.w t1, [0x1600]
                sub  s1, s1, 1
                bnez s1, .again
                mark access.end
                li   t0, 1
                amadd.d zero, t0, [done]
                cpu.index t0
                bnez t0, .stop
                li   t1, vcpus
            .wait:
                ld.d t0, [done]
                bne  t0, t1, .wait
                exit 0
            .stop:
                b .stop
            """, vcpus: 8);

        Assert.All(Enumerable.Range(0, 8), vcpu =>
        {
            var paid = run.Section(vcpu, "access");
            Assert.Equal((20L, 20 * 1_801_000L), paid[CostKind.KernelAccess]);
            Assert.Equal(run.Between(vcpu, "access.begin", "access.end"), paid.Values.Sum(entry => entry.Time));
        });
    }

    [Fact]
    public void A_section_without_its_end_or_its_begin_is_none()
    {
        using var run = GuestRun.Passing("""
            start:
                mark b.end
                mark a.begin
                work 1us
                mark a.begin
                work 2us
                mark a.end
                mark a.end
                mark b.begin
                exit 0
            """);

        var (b, a) = (run.Vcpu(0).Statistics.Ledger.Sections[1], run.Vcpu(0).Statistics.Ledger.Sections[0]);
        (a, b) = a.Name == "a" ? (a, b) : (b, a);
        Assert.Equal((1L, 2_000_500L), (a.Passes, a.Elapsed));
        Assert.Equal(0, b.Passes);
    }

    [Fact]
    public void Every_cost_of_the_ledger_is_one_of_a_profile()
        => Assert.Equal(CostNames.Costs.Except([CostNames.VmmLockHold, CostNames.ItsCommand]), CostKinds.All.Where(CostKinds.IsCost).Select(CostKinds.NameOf));

    [Fact]
    public void A_bill_travels_beside_an_outcome_and_adds_up()
    {
        var bill = CostBill.Once(CostKind.KickIdle) + CostBill.Once(CostKind.InjectionIoctl) + CostBill.Once(CostKind.KickIdle);

        Assert.Equal(bill, CostBill.Above(bill.Beside(2)));
        Assert.Equal(2, (byte)bill.Beside(2));
        Assert.Equal((2, 0, 0, 1), (bill.CountOf(CostKind.KickIdle), bill.CountOf(CostKind.KickRunning), bill.CountOf(CostKind.KickOutside), bill.CountOf(CostKind.InjectionIoctl)));
        var full = new CostBill((1 << 14) - 1);
        Assert.Equal(full, full + CostBill.Once(CostKind.KickIdle));
    }
}
