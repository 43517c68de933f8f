using Trapline.Actors.Statistics;
using Trapline.Actors.Vmm;
using Trapline.Machines.Boards;
using Trapline.Machines.Tests.Guests;
using Xunit;
using BigLock = Trapline.Machines.Boards.BigLock;

namespace Trapline.Machines.Tests.Boundary;

/// <summary>The controllers in the VMM: what an access costs, who waits at the big lock, and that the guest sees no difference.</summary>
public sealed class UserIrqchipTests
{
    private const string Unicast = """
        .include "loongarch.inc.guest"
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        .shared got, 8
        EXCEPTION_HANDLER handle_ipi
        start:
            call exception_init
            call ipi_init
            cpu.index t0
            beqz t0, sender
        sleep:
            IDLE
            b    sleep
        sender:
            work 1ms
            li   a0, 1
            li   a1, ACTION_RESCHEDULE
            mark begin
            call ipi_send_single
            mark end
            wait.d t0, [got], zero
            work 100us
            exit
        handle_ipi:
            PUSH ra
            call ipi_read_clear
            li   t0, 1
            st.d t0, [got]
            POP  ra
            ret
        """;

    /// <summary>Section 6.3 of the paravirtual IPI's specification: C_user + J + K_idle to send; 2 C_user + J to receive.</summary>
    [Fact]
    public void One_IPI_costs_three_exits_to_user_space_and_two_ioctls()
    {
        using var run = GuestRun.Passing(Unicast, vcpus: 2, settings: new MachineSettings { Irqchip = Irqchip.User, BigLock = BigLock.Off });
        Assert.Equal((1L, 6_427_000L), Of(run, 0, "iocsr_write IPI_SEND"));
        Assert.Equal((1L, 5_357_000L), Of(run, 1, "iocsr_read STATUS"));
        Assert.Equal((1L, 5_657_000L), Of(run, 1, "iocsr_write CLEAR"));
        Assert.Equal((0UL, 0UL), run.Ipi(0).Exits);
    }

    [Theory]
    [InlineData(BigLock.On)]
    [InlineData(BigLock.Off)]
    public void A_lock_that_nobody_else_wants_costs_nothing(BigLock bigLock)
    {
        using var run = GuestRun.Passing(Unicast, vcpus: 2, settings: new MachineSettings { Irqchip = Irqchip.User, BigLock = bigLock });
        Assert.Equal((1L, 6_427_000L), Of(run, 0, "iocsr_write IPI_SEND"));
    }

    /// <summary>All write the same register of their own at one time: in the kernel nobody waits, at the big lock each for those before.</summary>
    [Fact]
    public void Waiting_at_the_big_lock_grows_with_the_number_of_vcpus_and_in_the_kernel_nobody_waits()
    {
        const string Everyone = """
            .shared ready, 8
            start:
                li   t0, 1
                amadd.d zero, t0, [ready]
                work 10us
                li   t0, -1
                iocsr.write.w t0, [0x1004]
                li   t1, 1
                amadd.d zero, t1, [ready]
                li   t1, 2 * vcpus
            wait:
                ld.d t0, [ready]
                beq  t0, t1, done
                wait.d t0, [ready], t0
                b    wait
            done:
                exit
            """;
        long Greatest(int vcpus, MachineSettings settings, string reason)
        {
            using var run = GuestRun.Passing(Everyone, vcpus, settings: settings);
            return Enumerable.Range(0, vcpus).Max(vcpu => run.Exits(vcpu, reason).Greatest);
        }

        var user = new MachineSettings { Irqchip = Irqchip.User };
        long[] waits = [.. new[] { 1, 4, 16, 64 }.Select(vcpus => Greatest(vcpus, user, "iocsr_write EN"))];
        Assert.Equal([5_357_000, 5_357_000 + (3 * 800_000), 5_357_000 + (15 * 800_000), 5_357_000 + (63 * 800_000)], waits);
        Assert.All(new[] { 1, 4, 64 }, vcpus => Assert.Equal(1_801_000, Greatest(vcpus, new MachineSettings(), "ipi_write EN")));
    }

    [Fact]
    public void The_queue_at_the_big_lock_is_counted_where_it_forms()
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, -1
                iocsr.write.w t0, [0x1004]
                work 100us
                exit
            """, 8, settings: new MachineSettings { Irqchip = Irqchip.User });
        var statistics = run.OnBoard<VmmActor>().LockStatistics;
        Assert.Equal((8, 7, 7), (statistics.Acquisitions, statistics.Waited, statistics.GreatestQueue));
        Assert.Equal(800_000 * (1 + 2 + 3 + 4 + 5 + 6 + 7), statistics.WaitTotal.Picoseconds);
        Assert.Equal(7 * 800_000, statistics.WaitGreatest.Picoseconds);
        Assert.Equal(7, statistics.History.ToArray().Max());
        Assert.Equal(0, statistics.History[^1] > 1 ? 1 : 0);
    }

    /// <summary>However many messages come before the VMM's main loop reads the eventfd, it sends one.</summary>
    [Fact]
    public void An_eventfd_that_the_vmm_polls_gathers_messages()
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, -1
                iocsr.write.d t0, [0x1608]
                li   a1, 0x40003000
                li   t0, 0x2ff00000
                mmio.write.d t0, [a1]
                li   t0, 64
                mmio.write.d t0, [a1 + 8]
                li   a0, 0x40000000
                li   t0, 3
                mmio.write.w t0, [a0 + 0x20]
                li   t0, 1
                mmio.write.w t0, [a0]
                work 100us
                exit
            """, settings: new MachineSettings { Irqchip = Irqchip.User });
        var fates = run.OnBoard<Actors.LoongArch.EiointcActor>().Fates;
        Assert.Equal((1, 0), (fates.Raised, fates.Coalesced));
    }

    private static (long Count, long Total) Of(GuestRun run, int vcpu, string reason)
    {
        ExitStatistics.Row row = run.Exits(vcpu, reason);
        return (row.Count, (long)row.Total);
    }
}
