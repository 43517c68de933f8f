using Trapline.Actors.Arm;
using Trapline.Actors.Devices;
using Trapline.Devices.Arm.Ownership;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>What comes to an ARM vCPU from outside: hand-overs, recalls, SGIs of others, accesses to its SGI frame.</summary>
public sealed class ArrivalTests
{
    private const string Handler = """
        on_irq:
            sysreg.read a0, ICC_IAR1_EL1
            mark taken, a0
            sysreg.write a0, ICC_EOIR1_EL1
            exit 0
        """;

    [Fact]
    public void What_is_handed_over_while_the_guest_runs_is_there_after_its_next_entry()
    {
        // It polls, masked: IAR would show the interrupt if it were there at once.
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
            .poll:
                sysreg.read a0, ICC_IAR1_EL1
                li   t0, 1023
                beq  a0, t0, .poll
                mark taken, a0
                exit 0
            """,
            script: (5_000, gic => gic.Hand(0, 8192)));
        var (at, interruptId) = bench.Mark(0, "taken");
        Assert.Equal(8192UL, interruptId);
        Assert.InRange(at, 5_000 + ArmBench.KickRunning + ArmBench.WakeRunning, 5_000 + ArmBench.KickRunning + ArmBench.WakeRunning + 10);
        Assert.Equal([("int", 1L)], bench.Exits(0));
        var answer = Assert.Single(bench.Gic.Of(MessageKind.LineAnswer));
        Assert.Equal(ArmBench.KickRunning * 1_000, (long)answer.Word0);
    }

    [Fact]
    public void A_vcpu_that_sleeps_is_woken_and_the_latency_counts_from_the_origin()
    {
        using var bench = ArmBench.Passing("start:\n OPEN\n daif.clear 2\n wfi\n" + Handler, script: (5_000, gic => gic.Hand(0, 8192)));
        Assert.Equal((1, ArmBench.KickIdle + ArmBench.WakeIdle), bench.Latencies(0, "msi device->vcpu"));
        Assert.Equal(ArmBench.KickIdle * 1_000, (long)Assert.Single(bench.Gic.Of(MessageKind.LineAnswer)).Word0);
        Assert.Equal([("wfi", 1L)], bench.Exits(0));
        Assert.Equal(1, bench.Vcpu(0).Statistics.Taken[InterruptClasses.Lpi]);
    }

    [Fact]
    public void An_lpi_is_let_go_at_its_acknowledge_and_an_spi_when_it_is_deactivated()
    {
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
                daif.clear 2
                wfi
                wfi
            on_irq:
                sysreg.read s1, ICC_IAR1_EL1
                mark taken, s1
                work 10us
                sysreg.write s1, ICC_EOIR1_EL1
                mark ended, s1
                li   t0, 40
                bne  s1, t0, .back
                work 10us
                exit 0
            .back:
                eret
            """,
            script: [(5_000, gic => gic.Hand(0, 8200)), (30_000, gic => gic.Hand(0, 40, HandoverFlags.Line | HandoverFlags.LevelTriggered, source: InterruptSource.Level)), (40_000, gic => gic.Hand(0, 40, HandoverFlags.LevelTriggered))]);
        var releases = bench.Gic.Log.Where(one => one.Message.Kind == MessageKind.InterruptRelease).ToList();
        Assert.Equal([8200UL | (1UL << 32), 40UL | (3UL << 32)], releases.Select(release => release.Message.Word0));
        Assert.Equal(bench.Marks(0, "taken")[0].At - 1 + ArmBench.Latency, releases[0].At.Picoseconds / 1_000);

        // The level fell while it was active: the last hand-over waits for the next entry, which the end of a level-triggered one makes.
        Assert.Equal(1, bench.Exits(0, "int"));
        Assert.Equal(40UL, Assert.Single(bench.Gic.Of(MessageKind.InterruptEnded)).Word0);
        Assert.Equal((0, 2, 0), (bench.Vcpu(0).HeldFates.Raised, bench.Vcpu(0).HeldFates.Handled, bench.Vcpu(0).HeldFates.Withdrawn));
    }

    [Fact]
    public void What_the_board_wants_back_it_gets_with_its_state_and_a_running_vcpu_is_taken_out_for_it()
    {
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
                daif.clear 2
                wfi
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                work 100us
                sysreg.write a0, ICC_EOIR1_EL1
                exit 0
            """,
            script: [(5_000, gic => gic.Hand(0, 40)), (20_000, gic => gic.Hand(0, 41)), (30_000, gic => gic.Recall(0, 32, 0xFFFF)), (40_000, gic => gic.Recall(0, 32, 0xFFFF))]);
        Assert.Equal(
            [(0x300UL | (0x200UL << 32), 0x100UL, ArmBench.KickRunning * 1_000), (0UL, 0UL, 0L)],
            bench.Gic.Of(MessageKind.InterruptRecalled).Select(answer => (answer.Word2, answer.Word3, (long)answer.Word0)));
        Assert.Equal(2, bench.Exits(0, "int"));

        // It was recalled while active: the end is the board's to see.
        var end = Assert.Single(bench.Gic.Of(MessageKind.InterruptDeactivate));
        Assert.Equal(new Deactivation(40, IsDirect: false, 1, 0xA0, 0xF8, 1), Deactivation.Unpack((int)end.Word0, end.Word1));
    }

    [Fact]
    public void What_waits_for_the_entry_can_be_taken_back_unseen()
    {
        using var bench = ArmBench.Passing(
            "start:\n OPEN\n daif.clear 2\n work 20us\n exit 0\n",
            script: [(5_000, gic => gic.Hand(0, 40)), (5_010, gic => gic.Recall(0, 32, 0x100)), (5_020, gic => gic.Hand(0, 8192)), (5_030, gic => gic.Recall(0, 8192, 1))]);
        Assert.Equal([0x100UL | (0x100UL << 32), 1UL | (1UL << 32)], bench.Gic.Of(MessageKind.InterruptRecalled).Select(answer => answer.Word2));
        Assert.Equal(1, bench.Exits(0, "int"));
        Assert.Equal(0, bench.Vcpu(0).Statistics.Taken.Sum());
    }

    [Fact]
    public void Sgis_reach_each_target_in_turn_and_cost_their_kicks()
    {
        using var bench = ArmBench.Passing(
            """
            .shared ready, 8
            start:
                OPEN
                cpu.index t0
                bnez t0, .other
                work 20us
                mark sending
                li   t0, 0x0300_000f
                sysreg.write t0, ICC_SGI1R_EL1
                mark sent
                work 50us
                exit 0
            .other:
                daif.clear 2
                li   t1, 1
                beq  t0, t1, .sleep
                work 1ms
            .sleep:
                wfi
                b    .sleep
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                mark taken, a0
                sysreg.write a0, ICC_EOIR1_EL1
                eret
            """,
            vcpus: 4, allOn: true);
        const long Sum = ArmBench.KernelAccess + ArmBench.KickOutside + ArmBench.KickIdle + (2 * ArmBench.KickRunning);
        Assert.Equal(Sum, bench.Mark(0, "sent").At - bench.Mark(0, "sending").At - (2 * ArmBench.Instruction));
        Assert.Equal([3UL, 3UL, 3UL], Enumerable.Range(1, 3).Select(vcpu => bench.Mark(vcpu, "taken").Value));
        Assert.Equal((0, 1, 1), (bench.Exits(1, "int"), bench.Exits(2, "int"), bench.Exits(3, "int")));
        Assert.True(bench.Mark(2, "taken").At < bench.Mark(3, "taken").At);
    }

    [Fact]
    public void A_broadcast_leaves_out_the_sender_and_a_disabled_sgi_waits_without_a_kick()
    {
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
                cpu.index t0
                bnez t0, .other
                work 20us
                mark sending
                li   t0, (1 << 40) | (2 << 24)
                sysreg.write t0, ICC_SGI1R_EL1
                mark sent
                sysreg.read t0, ICC_HPPIR1_EL1
                assert.eq t0, 1023
                mmio.read.w t0, [0x080d_0200]
                assert.eq t0, 4
                exit 0
            .other:
                li   t0, 4
                mmio.write.w t0, [0x080d_0180]
                daif.clear 2
                work 1ms
            """,
            vcpus: 2, allOn: true);
        Assert.Equal(ArmBench.KernelAccess + ArmBench.KickOutside + (2 * ArmBench.Instruction), bench.Mark(0, "sent").At - bench.Mark(0, "sending").At);
        Assert.Equal(0, bench.Exits(1, "int"));
    }

    [Fact]
    public void Another_cpus_sgi_frame_is_served_by_that_cpu_which_is_kicked_for_what_it_lets_out()
    {
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
                cpu.index t0
                bnez t0, .other
                work 20us
                mmio.read.w t0, [0x080d_0100]
                assert.eq t0, 0xFFFF
                mark writing
                li   t0, 1 << 7
                mmio.write.w t0, [0x080d_0200]
                mark written
                work 20us
                exit 0
            .other:
                daif.clear 2
                work 1ms
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                mark taken, a0
                sysreg.write a0, ICC_EOIR1_EL1
                eret
            """,
            vcpus: 2, allOn: true);
        Assert.Equal(7UL, bench.Mark(1, "taken").Value);
        Assert.Equal(1, bench.Exits(1, "int"));
        Assert.Equal(ArmBench.KernelAccess + ArmBench.KickRunning + (2 * ArmBench.Instruction), bench.Mark(0, "written").At - bench.Mark(0, "writing").At);
        Assert.True(bench.Mark(1, "taken").At - bench.Mark(0, "writing").At > ArmBench.WakeRunning, "it was taken before the vCPU had left the guest and come back");
        Assert.Equal((1L, 1L), (bench.Exits(0, "mmio_read GICR_ISENABLER0"), bench.Exits(0, "mmio_write GICR_ISPENDR0")));
    }

    [Fact]
    public void Nothing_comes_while_the_distributor_is_off_and_what_waited_comes_when_it_goes_on()
    {
        using var bench = ArmBench.Passing(
            """
            start:
                OPEN
                daif.clear 2
                work 10us
                li   t0, 0x0500_0001
                sysreg.write t0, ICC_SGI1R_EL1
                mark sent
                work 1ms
            """ + "\n" + Handler,
            script: [(5_000, gic => gic.Enable(0, 0)), (50_000, gic => gic.Enable(0))]);
        Assert.Equal(5UL, bench.Mark(0, "taken").Value);
        Assert.True(bench.Mark(0, "taken").At >= 50_000 + ArmBench.WakeRunning);
        Assert.Equal(3, bench.Gic.Of(MessageKind.PublishAnswer).Count());
    }
}
