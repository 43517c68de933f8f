using Trapline.Actors.Vcpus;
using Trapline.Devices.LoongArch;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary><c>idle</c>: what wakes it, and that nothing is lost on the way to sleep.</summary>
public sealed class IdleTests
{
    private const long Instruction = 500;
    private const long Hypercall = 1_213_000;
    private const long WakeIdle = 5_000_000;

    /// <summary>Vector C4, with the IPI as line: it wakes, and the next instruction follows without a handler.</summary>
    [Fact]
    public void C4_an_enabled_line_wakes_whatever_IE_says_and_is_not_taken_without_it()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, sender
                li   t0, 1 << 12
                csr.write t0, ECFG
                idle
                mark woken
                csr.read t0, ESTAT
                and  t0, t0, 1 << 12
                assert.ne t0, 0
                csr.read t0, CRMD
                and  t0, t0, 4
                assert.eq t0, 0
                exit
            sender:
                work 20us
                mark sent
                iocsr.write.w zero, [0x1040]
                idle
            """, vcpus: 2);
        Assert.Equal(Instruction + 900_500 + 770_000 + WakeIdle, (run.MarkAt(0, "woken") - run.MarkAt(1, "sent")).Picoseconds);
        Assert.Equal(0, run.Vcpu(0).Statistics.Taken[CpuLines.Ipi]);
    }

    /// <summary>Vector C3: the architecture's rule; KVM itself may wake for it.</summary>
    [Fact]
    public void C3_a_masked_line_does_not_wake_and_is_not_taken()
    {
        using var run = new GuestRun("""
            start:
                cpu.index t0
                bnez t0, sender
                li   t0, 0xfff
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                idle
                count woken
                exit
            sender:
                work 20us
                iocsr.write.w zero, [0x1040]
                idle
            """, vcpus: 2).ToEnd();
        Assert.Null(run.End);
        Assert.Equal(VcpuPhase.Blocked, run.Vcpu(0).Phase);
        Assert.Equal(1, run.Ipi(0).Fates.Open);
    }

    /// <summary>The line rises at every distance from the idle instruction: before it, on the way out, asleep.</summary>
    [Fact]
    public void A_kick_that_races_with_falling_asleep_is_not_lost()
    {
        for (var work = 7_000; work < 11_500; work += 50)
        {
            using var run = GuestRun.Passing($"""
                .align 4096
                handler:
                    li   t0, 1
                    iocsr.write.w t0, [0x100c]
                    count taken
                    ertn
                start:
                    cpu.index t0
                    bnez t0, sender
                    la   t0, handler
                    csr.write t0, EENTRY
                    li   t0, 1 << 12
                    csr.write t0, ECFG
                    work 10us
                    idle                          # interrupts are off until it ends
                    li   t0, 4
                    csr.write t0, CRMD
                    csr.write zero, CRMD
                    exit
                sender:
                    work {work}
                    iocsr.write.w zero, [0x1040]
                    idle
                """, vcpus: 2);
            Assert.Equal(1, run.Counter(0, "taken"));
            Assert.Equal(1, run.Exits(0, "idle").Count);
            Assert.InRange(run.Exits(0, "int").Count, 0, 1);
        }
    }

    [Fact]
    public void What_is_pending_and_enabled_keeps_from_sleeping()
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, 1
                csr.write t0, ECFG
                li   t0, 1
                csr.write t0, ESTAT           # SWI0
                mark from
                idle
                mark to
                li   t0, 1 << 12
                csr.write t0, ECFG
                iocsr.write.w t0, [0x1008]    # own IPI
                mark from2
                idle
                mark to2
                exit
            """);
        Assert.Equal(Hypercall + Instruction, run.Between(0, "from", "to"));
        Assert.Equal(Hypercall + Instruction, run.Between(0, "from2", "to2"));
    }

    [Fact]
    public void A_timer_wakes_a_sleeper_and_its_handler_runs_behind_the_idle()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                mark taken
                csr.read s0, ERA
                li   t0, 1
                csr.write t0, TICLR
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 11
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                li   t0, 1000 | 1
                mark armed
                csr.write t0, TCFG
                idle
            .next:
                la   t0, .next
                assert.eq s0, t0
                exit
            """);
        // 10 us from the write, the wake-up, and the entry of the interrupt.
        Assert.Equal(Instruction + 10_000_000 + WakeIdle + Instruction, run.Between(0, "armed", "taken"));
    }

    /// <summary>A line that falls again before the guest is entered was never seen: the sleeper wakes for nothing.</summary>
    [Fact]
    public void A_line_that_is_withdrawn_on_the_way_is_not_seen_by_the_guest()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, sender
                li   t0, 1 << 12
                csr.write t0, ECFG
                idle
                csr.read t0, ESTAT
                and  t0, t0, 0x1fff
                assert.eq t0, 0
                exit
            sender:
                work 20us
                iocsr.write.w zero, [0x1040]
                li   t0, 1 << 32 | 0x100c     # ANY_SEND, CLEAR of CPU 0
                iocsr.write.d t0, [0x1158]
                idle
            """, vcpus: 2);
        Assert.Equal(1, run.Exits(0, "idle").Count);
    }

    [Fact]
    public void A_configuration_word_and_a_hypercall_give_what_kvm_gives()
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, 0x40000000
                cpucfg t1, t0
                assert.eq t1, 0x004d564b
                li   t0, 0x40000004
                cpucfg t1, t0
                assert.eq t1, 0x0100000e      # the virtual extension of EIOINTC, preemption, steal time, IPI
                li   t0, 4
                cpucfg t1, t0
                assert.eq t1, 100000000
                li   t0, 1 << 32 | 4          # only the low half counts
                cpucfg t1, t0
                assert.eq t1, 100000000
                hypercall 0x100
                assert.eq a0, -1
                hypercall 0x104
                assert.eq a0, -1
                exit
            """, costs: GuestRun.Costs((CostNames.Hypercall, 2_000)));
        Assert.Equal((4, 1, 1), (run.Exits(0, "cpucfg").Count, run.Exits(0, "hypercall").Count, run.Exits(0, "hypercall (unknown code)").Count));
        Assert.Equal((4ul, 1ul), (run.Vcpu(0).ConfigurationExits, run.Vcpu(0).HypercallExits));
    }
}
