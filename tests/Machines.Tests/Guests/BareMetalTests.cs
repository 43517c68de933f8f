using Trapline.Actors.Statistics;
using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>No hypervisor: nothing traps. In ps: instruction 500, path 25 ns, nativeWake 1 us, nativeAccess 200 ns.</summary>
public sealed class BareMetalTests
{
    private const string Library = """
        .include "loongarch.inc.guest"
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        .shared ready, 8
        EXCEPTION_HANDLER handle_ipi
        handle_ipi:
            mark taken
            PUSH ra
            call ipi_read_clear
            mark pending, a0
            POP ra
            ret
        start:
            call exception_init
            call ipi_init
            cpu.index t0
            beqz t0, first
            li   t0, 1
            st.d t0, [ready]

        """;

    private const string Sleeper = ".sleep:\n IDLE\n b .sleep\n";

    private static readonly MachineSettings BareMetal = new() { Hypervisor = Hypervisor.None };

    [Fact]
    public void A_send_is_posted_and_wakes_a_sleeper_without_an_exit_on_either_side()
    {
        using var run = Run(Library + Sleeper + """
            first:
                work 10us
                li   t0, SEND_BLOCKING | (1 << SEND_CPU_SHIFT) | ACTION_RESCHEDULE
                mark send.begin
                iocsr.write.w t0, [IPI_SEND]
                mark send.end
                work 10us
                exit 0
            """);

        // The mark and the write are an instruction each; n is 0.
        Assert.Equal(1_000, run.Between(0, "send.begin", "send.end"));
        var written = run.MarkAt(0, "send.begin").Picoseconds + 500;
        // Way, waking, switching interrupts on (li, move, csr.xchg), entry; then 24 instructions save registers and find the handler.
        var entered = written + 25_000 + 1_000_000 + (3 * 500);
        Assert.InRange(run.MarkAt(1, "taken").Picoseconds, entered + 500, entered + (60 * 500));
        Assert.Equal(2UL, Assert.Single(run.Marks(1, "pending")).Value);
        Assert.All([0, 1], vcpu => Assert.Empty(run.Vcpu(vcpu).Statistics.Exits.Rows()));
    }

    [Fact]
    public void The_price_of_a_send_is_paid_by_the_sender_and_the_message_does_not_wait_for_it()
    {
        var costs = GuestRun.Costs((CostNames.NativeIpi, 400));
        const string Guest = """
            .spin:
                INTERRUPTS_ON
            .here:
                b .here
            first:
                work 10us
                li   t0, SEND_BLOCKING | (1 << SEND_CPU_SHIFT) | ACTION_RESCHEDULE
                mark send.begin
                iocsr.write.w t0, [IPI_SEND]
                mark send.end
                work 10us
                exit 0
            """;
        using var priced = Run(Library + Guest, costs);
        using var free = Run(Library + Guest);

        Assert.Equal(400_500, priced.Between(0, "send.begin", "send.end"));
        Assert.Equal((1L, 400_000L), priced.Section(0, "send")[CostKind.NativeIpi]);
        Assert.Equal(free.MarkAt(1, "taken"), priced.MarkAt(1, "taken"));
        // A running CPU takes it at its next instruction: two are under way at most, the entry is one, then the handler's.
        Assert.InRange((priced.MarkAt(1, "taken") - priced.MarkAt(0, "send.begin")).Picoseconds, 25_500, 25_500 + (60 * 500));
    }

    [Fact]
    public void Own_ipi_registers_are_in_the_core_and_shared_ones_cost_an_access()
    {
        using var run = Run("""
            start:
                mark own.begin
                iocsr.read.w t0, [0x1000]
                mark own.end
                mark shared.begin
                iocsr.read.w t0, [0x1600]
                mark shared.end
                li t1, 0x1fe001e5
                mark mmio.begin
                mmio.read.bu t0, [t1]
                mark mmio.end
                assert.eq t0, 0x60, "LSR of an idle UART"
                exit 0
            """, vcpus: 1);

        Assert.Equal(1_000, run.Between(0, "own.begin", "own.end"));
        Assert.Equal(200_500, run.Between(0, "shared.begin", "shared.end"));
        Assert.Equal(200_500, run.Between(0, "mmio.begin", "mmio.end"));
        Assert.Equal((1L, 200_000L), run.Section(0, "shared")[CostKind.NativeAccess]);
    }

    [Fact]
    public void A_guest_finds_no_hypervisor()
    {
        using var run = Run("""
            start:
                li t0, 0x4000_0000
                cpucfg t1, t0
                assert.eq t1, 0, "no signature"
                li t0, 0x4000_0004
                cpucfg t1, t0
                assert.eq t1, 0, "no features"
                li t0, 0
                cpucfg t1, t0
                assert.eq t1, 0x14c010, "the CPU's own words"
                exit 0
            """, vcpus: 1);
        Assert.Empty(run.Vcpu(0).Statistics.Exits.Rows());
    }

    [Fact]
    public void A_hypercall_is_no_instruction_there()
    {
        using var run = Run("""
            start:
                la   t0, fault
                csr.write t0, EENTRY
                hypercall 0x100
                exit 1
            .align 4096
            fault:
                csr.read t0, ESTAT
                srl  t0, t0, 16
                and  t0, t0, 0x3f
                assert.eq t0, 0xd, "INE"
                exit 0
            """, vcpus: 1);
        Assert.Equal(0UL, run.End!.Code);
    }

    [Fact]
    public void Any_send_to_a_send_register_goes_on_from_the_cpu_that_it_names()
    {
        // To id 1: write IPI_SEND there with "reschedule to id 2".
        using var run = Run(Library + Sleeper + """
            first:
                work 10us
                li   t0, (0x80020001 << 32) | SEND_BLOCKING | (1 << SEND_CPU_SHIFT) | IPI_SEND
                iocsr.write.d t0, [IPI_ANY_SEND]
                work 10us
                exit 0
            """, vcpus: 3);

        Assert.Empty(run.Marks(1, "taken"));
        Assert.Equal(2UL, Assert.Single(run.Marks(2, "pending")).Value);
    }

    [Fact]
    public void A_mailbox_is_written_by_post_and_a_send_to_nobody_is_ignored()
    {
        using var run = Run(Library + """
            .poll:
                iocsr.read.d t0, [IPI_MBUF0]
                beqz t0, .poll
                mark mail, t0
            .end:
                b .end
            first:
                work 10us
                li   t0, SEND_BLOCKING | (9 << SEND_CPU_SHIFT) | 1
                iocsr.write.w t0, [IPI_SEND]
                li   t0, (0x1234 << 32) | SEND_BLOCKING | (1 << SEND_CPU_SHIFT)
                iocsr.write.d t0, [IPI_MAIL_SEND]
                work 10us
                exit 0
            """);

        Assert.Equal(0x1234UL, Assert.Single(run.Marks(1, "mail")).Value);
        Assert.Equal(1, run.Result().Ipis.Sum(ipi => (long)ipi.SentToNobody));
    }

    [Fact]
    public void An_interrupt_that_is_there_already_leaves_no_sleep()
    {
        using var run = Run("""
            .include "loongarch.inc.guest"
            start:
                li   t0, -1
                iocsr.write.w t0, [IPI_EN]
                ECFG_SET ECFG_LIE_IPI
                li   t0, 1
                iocsr.write.w t0, [IPI_SET]
                mark nap.begin
                idle
                mark nap.end
                exit 0
            """, vcpus: 1);

        Assert.Equal(1_000, run.Between(0, "nap.begin", "nap.end"));
    }

    private static GuestRun Run(string source, CostProfile? costs = null, int vcpus = 2) => GuestRun.Passing(source, vcpus, costs, settings: BareMetal);
}
