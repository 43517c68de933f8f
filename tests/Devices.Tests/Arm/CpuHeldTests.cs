using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Tests.Arm;

/// <summary>SPIs and LPIs between the board and a CPU interface: handed over, acknowledged, ended, let go of, taken back.</summary>
public sealed class CpuHeldTests
{
    private readonly CpuBench _bench = new CpuBench().Prepared();

    private GicCpu Cpu => _bench.Cpus[0];

    private CpuBenchHost Host => _bench.Hosts[0];

    [Fact]
    public void An_LPI_goes_back_when_it_is_acknowledged()
    {
        _bench.Hand(0, 8195);
        Assert.Equal((8195, 0, 0xA0ul), (_bench.Acknowledge(0), Cpu.HeldCount, _bench.Read(0, IccRegister.Rpr)));
        Assert.Equal(["pin 0 high", "release 8195 #1", "pin 0 low"], Host.TakeLog());

        // The next message comes before the end: it waits for the drop of the priority, and for nothing else, in both modes.
        _bench.Hand(0, 8195);
        Assert.Equal(1023, _bench.Acknowledge(0));
        _bench.Write(0, IccRegister.Ctlr, 2);
        _bench.End(0, 8195);
        Assert.Equal(8195, _bench.Acknowledge(0));
    }

    /// <summary>What a migration compares: who has an interrupt is not enough, for it may be active in place of pending.</summary>
    [Fact]
    public void What_is_held_is_listed_by_its_INTID()
    {
        _bench.Hand(0, 8195);
        _bench.Hand(0, 41, HandoverFlags.LevelTriggered | HandoverFlags.Line | HandoverFlags.Group1);
        _bench.Hand(0, 40, priority: 0x10);
        Assert.Equal(40, _bench.Acknowledge(0));
        Assert.Equal([new("held[40].state", 4), new("held[41].state", 2), new("held[8195].state", 1)], RawState.List(Cpu.ListHeld));
    }

    [Fact]
    public void An_edge_triggered_SPI_goes_back_when_it_is_ended()
    {
        _bench.Hand(0, 40);
        Assert.Equal((40, 1), (_bench.Acknowledge(0), Cpu.HeldCount));
        _bench.End(0, 40);
        Assert.Equal((0, 0xFFul), (Cpu.HeldCount, _bench.Read(0, IccRegister.Rpr)));
        Assert.Equal(["pin 0 high", "pin 0 low", "release 40 #1"], Host.TakeLog());
    }

    [Fact]
    public void V_S03_a_level_triggered_SPI_stays_while_its_wire_is_high()
    {
        _bench.Hand(0, 40, CpuBench.HighLine);
        Assert.Equal((40, 1023ul), (_bench.Acknowledge(0), _bench.Read(0, IccRegister.Hppir1)));
        _bench.End(0, 40);
        Assert.Equal((40ul, 1), (_bench.Read(0, IccRegister.Hppir1), Cpu.HeldCount));
        Assert.Contains("ended 40", Host.TakeLog());
        _bench.Hand(0, 40, HandoverFlags.LevelTriggered | HandoverFlags.Group1);
        Assert.Equal((1023ul, 0), (_bench.Read(0, IccRegister.Hppir1), Cpu.HeldCount));
        Assert.Equal(["release 40 #2", "pin 0 low"], Host.TakeLog());
    }

    [Fact]
    public void V_S04_a_latch_outlives_a_pulse_of_the_wire()
    {
        _bench.Hand(0, 40, HandoverFlags.SetLatch | HandoverFlags.LevelTriggered | HandoverFlags.Group1);
        _bench.Hand(0, 40, CpuBench.HighLine);
        _bench.Hand(0, 40, HandoverFlags.LevelTriggered | HandoverFlags.Group1);
        Assert.Equal([40], _bench.Deliver(0));
        Assert.Equal(0, Cpu.HeldCount);
    }

    [Fact]
    public void V_S06_an_edge_while_active_comes_once_more()
    {
        _bench.Hand(0, 40);
        Assert.Equal(40, _bench.Acknowledge(0));
        _bench.Hand(0, 40);
        Assert.Equal(1023, _bench.Acknowledge(0));
        Assert.Equal(new RecallAnswer(0x100, 0x100, 0x100), Copy(0).Recall(32, uint.MaxValue));
        _bench.End(0, 40);
        Assert.Equal([40], _bench.Deliver(0));
        Assert.Equal(["release 40 #2"], Host.TakeLog().Where(line => line.StartsWith("release", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_wire_that_falls_while_active_leaves_only_the_active_state()
    {
        _bench.Hand(0, 40, CpuBench.HighLine);
        Assert.Equal(40, _bench.Acknowledge(0));
        _bench.Hand(0, 40, HandoverFlags.LevelTriggered | HandoverFlags.Group1);
        Assert.Equal(1, Cpu.HeldCount);
        Host.TakeLog();
        _bench.End(0, 40);
        Assert.Equal((0, 1023), (Cpu.HeldCount, _bench.Acknowledge(0)));
        Assert.Equal(["ended 40", "release 40 #2"], Host.TakeLog());
    }

    [Fact]
    public void A_repeated_hand_over_sets_the_same_latch()
    {
        var handover = new Handover(40, 0xA0, CpuBench.Edge, 7);
        Cpu.Take(handover);
        Cpu.Take(handover);
        Assert.Equal([40], _bench.Deliver(0));
    }

    [Fact]
    public void A_recall_takes_what_is_named_and_held()
    {
        _bench.Hand(0, 39);
        _bench.Hand(0, 40);
        Assert.Equal(39, _bench.Acknowledge(0));
        _bench.Hand(0, 41);
        Assert.Equal(new RecallAnswer(0x180, 0x100, 0x080), Cpu.Recall(32, 0xF_0180));
        Assert.Equal((1, 41ul), (Cpu.HeldCount, _bench.Read(0, IccRegister.Hppir1)));
        Assert.Equal(default, Cpu.Recall(32, 0x180));
        Assert.Equal(default, Cpu.Recall(8192, uint.MaxValue));
        Assert.DoesNotContain(Host.Log, line => line.StartsWith("release", StringComparison.Ordinal));

        // What was active comes back so, and is ended here.
        _bench.Hand(0, 39, HandoverFlags.Active | HandoverFlags.Group1);
        _bench.End(0, 39);
        Assert.Equal([41], _bench.Deliver(0));
    }

    [Fact]
    public void A_recall_of_the_only_one_takes_the_line_down()
    {
        _bench.Hand(0, 8223);
        Assert.True(Cpu.MightWake);
        Assert.Equal(new RecallAnswer(0x8000_0000, 0x8000_0000, 0), Cpu.Recall(8192, 0x8000_0000));
        Assert.False(Cpu.MightWake);
    }

    [Fact]
    public void Whatever_the_board_changes_of_one_that_is_held_counts_at_once()
    {
        _bench.Hand(0, 40);
        _bench.Hand(0, 41);
        _bench.Hand(0, 41, HandoverFlags.Group1, priority: 0x20);
        Assert.Equal(new PendingInterrupt(41, 0x20, 1), Cpu.HighestPending);
        _bench.Hand(0, 41, HandoverFlags.None, priority: 0x20);
        Assert.Equal(40, Cpu.HighestPending.InterruptId);
        _bench.Write(0, IccRegister.IgrpEn0, 1);
        Assert.Equal((new PendingInterrupt(41, 0x20, 0), true, false), (Cpu.HighestPending, Cpu.FiqLine, Cpu.IrqLine));
        _bench.Hand(0, 41, HandoverFlags.Group1, priority: 0xF8);
        Assert.Equal([40], _bench.Deliver(0));
    }

    [Fact]
    public void An_SPI_that_was_recalled_meanwhile_is_ended_at_the_board()
    {
        _bench.Hand(0, 40, priority: 0x48);
        Assert.Equal(40, _bench.Acknowledge(0));
        Cpu.Recall(32, 0x100);
        Host.TakeLog();
        _bench.End(0, 40);
        Assert.Equal(["deactivate 40 of group 1, 0x48 under 0xf8, #1"], Host.TakeLog());

        // Without a priority to drop nothing was acknowledged here.
        _bench.End(0, 40);
        Assert.Empty(Host.TakeLog());
    }

    [Fact]
    public void DIR_of_an_SPI_that_is_elsewhere_goes_to_the_board()
    {
        _bench.Write(0, IccRegister.Dir, 40);
        Assert.Empty(Host.TakeLog());
        _bench.Write(0, IccRegister.Ctlr, 2);
        _bench.Write(0, IccRegister.Dir, 40);
        Assert.Equal(["deactivate 40 directly"], Host.TakeLog());
        foreach (var none in new ulong[] { 3, 1020, 1023, 1024, 8195, 0xFF_FFFF })
        {
            _bench.Write(0, IccRegister.Dir, none);
        }

        Assert.Empty(Host.TakeLog());
    }

    [Fact]
    public void With_split_end_DIR_ends_an_SPI_and_only_an_active_one()
    {
        _bench.Write(0, IccRegister.Ctlr, 2);
        _bench.Hand(0, 40, CpuBench.HighLine);
        _bench.Write(0, IccRegister.Dir, 40);
        Assert.Equal(40, _bench.Acknowledge(0));
        _bench.End(0, 40);
        Assert.Equal((0xFFul, 1023), (_bench.Read(0, IccRegister.Rpr), _bench.Acknowledge(0)));
        Host.TakeLog();
        _bench.Write(0, IccRegister.Dir, 40);
        Assert.Equal(["ended 40", "pin 0 high"], Host.TakeLog());
    }

    /// <summary>Spec 2.5, step 5: of two that are active EOIR ends the one whose priority it drops.</summary>
    [Theory, InlineData("kvm", 0x300u), InlineData("qemu-11", 0x200u)]
    public void EOIR_of_another_than_the_most_urgent(string profile, uint left)
    {
        var bench = new CpuBench(1, GicProfiles.Find(profile)).Prepared();
        bench.Hand(0, 40, priority: 0x80);
        Assert.Equal(40, bench.Acknowledge(0));
        bench.Hand(0, 41, priority: 0x40);
        Assert.Equal(41, bench.Acknowledge(0));
        bench.End(0, 40);
        Assert.Equal(0x80ul, bench.Read(0, IccRegister.Rpr));
        Assert.Equal(left, bench.Cpus[0].Recall(32, uint.MaxValue).Active);
    }

    [Fact]
    public void In_KVM_EOIR_drops_a_priority_of_the_other_group_too_and_in_QEMU_not()
    {
        foreach (var profile in GicProfiles.All)
        {
            var bench = new CpuBench(1, profile).Prepared();
            bench.Hand(0, 40);
            Assert.Equal(40, bench.Acknowledge(0));
            bench.Write(0, IccRegister.Eoir0, 40);
            var isKvm = profile == GicProfiles.Kvm;
            Assert.Equal(isKvm ? 0xFFul : 0xA0ul, bench.Read(0, IccRegister.Rpr));
            Assert.Equal(0x100u, bench.Cpus[0].Recall(32, 0x100).Active);
        }
    }

    [Fact]
    public void In_QEMU_a_group_that_is_off_hides_the_other()
    {
        foreach (var profile in GicProfiles.All)
        {
            var bench = new CpuBench(1, profile).Prepared();
            bench.Hand(0, 40);
            bench.Hand(0, 41, HandoverFlags.SetLatch, priority: 0x20);
            Assert.Equal(profile == GicProfiles.Kvm ? 40ul : 1023ul, bench.Read(0, IccRegister.Hppir1));
        }
    }

    [Fact]
    public void A_reset_of_the_CPU_leaves_what_is_pending_and_active()
    {
        _bench.Hand(0, 40);
        Assert.Equal(40, _bench.Acknowledge(0));
        _bench.Hand(0, 8195);
        _bench.Write(0, IccRegister.Sgi1R, 1);
        Cpu.ResetInterface();
        Assert.Equal((0ul, 0ul, 0xFFul, 0x8C00ul), (_bench.Read(0, IccRegister.Pmr), _bench.Read(0, IccRegister.IgrpEn1), _bench.Read(0, IccRegister.Rpr), _bench.Read(0, IccRegister.Ctlr)));
        Assert.Equal((2, 1u, false), (Cpu.HeldCount, _bench.ReadFrame(0, SgiFrameRegisters.SetPending), Cpu.IrqLine));
        _bench.Write(0, IccRegister.Pmr, 0xF0);
        _bench.Write(0, IccRegister.IgrpEn1, 1);
        Assert.Equal([0, 8195], _bench.Deliver(0));
    }

    [Fact]
    public void Only_SPIs_and_LPIs_are_handed_over()
    {
        Assert.All(new[] { 0, 31, 1020, 1023, 8191, 65536, -1 }, none => Assert.Throws<ArgumentOutOfRangeException>(() => _bench.Hand(0, none)));
        Assert.Equal(0, Cpu.HeldCount);
    }

    /// <summary>The order of arbitration against a plain search, whatever was handed, changed, recalled and ended before.</summary>
    [Fact]
    public void The_first_of_many_is_the_one_that_a_plain_search_finds() => Step.CheckAll(steps =>
    {
        var bench = new CpuBench(1).Prepared();
        var cpu = bench.Cpus[0];
        var model = new SortedDictionary<int, byte>();
        foreach (var step in steps)
        {
            var interruptId = step.Place % 2 == 0 ? 32 + (step.Place / 2 % 64) : 8192 + (step.Place / 2 % 64);
            switch (step.Action % 4)
            {
                case 0 or 1:
                    var priority = (byte)((step.Value % 32) << 3);
                    bench.Hand(0, interruptId, priority: priority);
                    model[interruptId] = priority;
                    break;
                case 2:
                    cpu.Recall(interruptId & ~31, 1u << (interruptId & 31));
                    model.Remove(interruptId);
                    break;
                default:
                    // Ended at once, so that none is active.
                    if (bench.Acknowledge(0) is var taken && taken != 1023)
                    {
                        bench.End(0, taken);
                        Assert.True(model.Remove(taken));
                    }

                    break;
            }

            var first = model.OrderBy(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key).FirstOrDefault(1023);
            Assert.Equal(first, cpu.HighestPending.InterruptId);
            Assert.Equal(model.Count, cpu.HeldCount);
        }
    });

    [Fact]
    public void An_acknowledge_among_many_allocates_nothing()
    {
        for (var i = 0; i < 1000; i++)
        {
            _bench.Hand(0, 8192 + (i * 7 % 1000), priority: (byte)(i % 30 * 8));
        }

        Host.Listening = false;
        var quiet = new QuietCpuHost();
        var cpu = new GicCpu(quiet, GicProfiles.Kvm, 0);
        RawState.Copy(Cpu.SyncState, cpu.SyncState);
        Drain(cpu, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drain(cpu, 900);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Events_are_reported_by_whoever_knows_what_they_met()
    {
        _bench.Hand(0, 40);
        Assert.Empty(Host.TakeReports());
        _bench.Hand(0, 40);
        Assert.Empty(Host.TakeReports());
        _bench.Hand(0, 40, CpuBench.Edge | HandoverFlags.Event);
        Assert.Equal([(ReportKind.Coalesced, 40)], Host.TakeReports());
        _bench.Acknowledge(0);
        Assert.Equal([(ReportKind.Acknowledged, 40)], Host.TakeReports());
        _bench.Hand(0, 40, CpuBench.Edge | HandoverFlags.Event);
        Assert.Equal([(ReportKind.Raised, 40)], Host.TakeReports());
        _bench.End(0, 40);
        Assert.Equal([(ReportKind.Ended, 40)], Host.TakeReports());
        Cpu.NoteTaken(GicCpu.IrqPin);
        Assert.Equal([(ReportKind.Delivered, 40)], Host.TakeReports());
        _bench.Acknowledge(0);
        _bench.End(0, 40);
        Host.TakeReports();

        // It was let go of before the board's second hand-over came.
        _bench.Hand(0, 40, CpuBench.Edge | HandoverFlags.Event);
        Assert.Equal([(ReportKind.Raised, 40)], Host.TakeReports());
    }

    [Fact]
    public void A_wire_that_falls_takes_the_interrupt_back()
    {
        _bench.Hand(0, 40, CpuBench.HighLine);
        _bench.Hand(0, 40, HandoverFlags.LevelTriggered | HandoverFlags.Group1);
        Assert.Equal([(ReportKind.Withdrawn, 40)], Host.TakeReports());
    }

    [Fact]
    public void What_happens_to_private_interrupts_is_reported()
    {
        _bench.Write(0, IccRegister.Sgi1R, 0x0300_0001);
        _bench.Write(0, IccRegister.Sgi1R, 0x0300_0001);
        _bench.WriteFrame(0, SgiFrameRegisters.ClearPending, 8);
        _bench.Cpus[0].DrivePpi(27, true);
        _bench.Cpus[0].DrivePpi(27, false);
        Assert.Equal(
            [
                (ReportKind.Raised, 3), (ReportKind.Coalesced, 3), (ReportKind.Withdrawn, 3), (ReportKind.Raised, 27), (ReportKind.Masked, 27),
                (ReportKind.Withdrawn, 27),
            ],
            Host.TakeReports());
    }

    private static void Drain(GicCpu cpu, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var interruptId = cpu.ReadRegister(IccRegister.Iar1);
            if (interruptId == 1023)
            {
                throw new InvalidOperationException("there are fewer than were handed");
            }

            cpu.WriteRegister(IccRegister.Eoir1, interruptId);
        }
    }

    /// <summary>Another with the same state, to be looked at in ways that change it.</summary>
    private GicCpu Copy(int index)
    {
        var copy = new GicCpu(new CpuBenchHost(), _bench.Profile, index);
        RawState.Copy(_bench.Cpus[index].SyncState, copy.SyncState);
        return copy;
    }
}
