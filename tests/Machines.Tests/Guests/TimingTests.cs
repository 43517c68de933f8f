using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>
/// What sending an IPI costs and how long it takes, with the profile 3c5000. Expected times are sums of the profile's
/// numbers as its file gives them.
/// </summary>
public sealed class TimingTests
{
    private const long Instruction = 500;
    private const long KernelAccess = 1_801_000;
    private const long UserAccess = 5_357_000;
    private const long Hypercall = 1_213_000;
    private const long Injection = 300_000;
    private const long KickIdle = 770_000;
    private const long KickRunning = 250_000;
    private const long KickOutside = 50_000;
    private const long WakeIdle = 5_000_000;
    private const long WakeRunning = 2_700_000;

    /// <summary>A target that is in the state its name says when CPU 0 sends, 20 us after the start; and one that counts what comes.</summary>
    private static string Source(string target) => $"""
        .include "exception.inc.guest"
        .include "ipi.inc.guest"
        EXCEPTION_HANDLER handle
        handle:
            mark taken
            PUSH ra
            call ipi_read_clear
            POP  ra
            ret
        start:
            call exception_init
            call ipi_init
            cpu.index t0
            bnez t0, target
            work 20us
            li   t0, 1 << 16 | 1
            mark sent
            iocsr.write.w t0, [IPI_SEND]
            mark back
            work 50us
            exit
        target:
            {target}
        """;

    private const string Idle = """
        INTERRUPTS_ON
            idle
            idle
        """;

    private const string Running = """
        INTERRUPTS_ON
            work 1ms
        """;

    /// <summary>Busy with one long exit: a configuration word of 40 us.</summary>
    private const string Outside = """
        work 10us
            INTERRUPTS_ON
            cpucfg t0, zero
            work 1ms
        """;

    [Fact]
    public void Sending_to_an_idle_cpu_costs_the_trap_and_its_wake_up()
    {
        using var run = GuestRun.Passing(Source(Idle), 2);
        Assert.Equal(2_571_000, KernelAccess + KickIdle);
        Assert.Equal(Instruction + 2_571_000, run.Between(0, "sent", "back"));
        // Half a trap until the access, then the kick, then the wake-up.
        Assert.Equal((KernelAccess / 2) + KickIdle + WakeIdle, Latency(run, 1));
        Assert.Equal((1, 0), (run.Exits(1, "idle").Count, run.Exits(1, "int").Count));
    }

    [Fact]
    public void Sending_to_a_running_cpu_costs_the_trap_and_its_interruption()
    {
        using var run = GuestRun.Passing(Source(Running), 2);
        Assert.Equal(2_051_000, KernelAccess + KickRunning);
        Assert.Equal(Instruction + 2_051_000, run.Between(0, "sent", "back"));
        Assert.Equal(1, run.Exits(1, "int").Count);
        Assert.Equal(WakeRunning, run.Exits(1, "int").Total);
        Assert.Equal((KernelAccess / 2) + KickRunning + WakeRunning, Latency(run, 1));
    }

    [Fact]
    public void Sending_to_a_cpu_outside_the_guest_costs_little_and_arrives_with_its_entry()
    {
        using var run = GuestRun.Passing(Source(Outside), 2, GuestRun.Costs((CostNames.Hypercall, 40_000)));
        Assert.Equal(1_851_000, KernelAccess + KickOutside);
        Assert.Equal(Instruction + 1_851_000, run.Between(0, "sent", "back"));
        Assert.Equal(0, run.Exits(1, "int").Count);
        Assert.Equal((1, 40_000_000), (run.Exits(1, "cpucfg").Count, run.Exits(1, "cpucfg").Total));
    }

    [Fact]
    public void A_line_that_does_not_rise_costs_the_trap_alone()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, target
                work 20us
                li   t0, 1 << 16 | 1
                iocsr.write.w t0, [0x1040]
                mark sent
                iocsr.write.w t0, [0x1040]    # the same vector again
                mark again
                li   t0, 1 << 16 | 2
                iocsr.write.w t0, [0x1040]    # another: the line is up already
                mark other
                exit
            target:
                work 1ms
            """, vcpus: 2);
        Assert.Equal([KernelAccess + Instruction, KernelAccess + (2 * Instruction)], [run.Between(0, "sent", "again"), run.Between(0, "again", "other")]);
        Assert.Equal(1, run.Exits(1, "int").Count);
        Assert.Equal((3, 2, 0), (run.Ipi(1).Fates.Raised, run.Ipi(1).Fates.Coalesced, run.Ipi(1).Fates.Handled));
    }

    [Fact]
    public void Two_kicks_of_one_running_cpu_are_one_exit_and_the_second_is_cheap()
    {
        // CPU 1 and CPU 2 act within the 250 ns that a kick takes: the second clears, and finds a kick on its way.
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                li   t1, 1
                beqz t0, target
                beq  t0, t1, sender
                work 20100
                li   t0, 1 << 32 | 0x100c    # ANY_SEND: clears vector 0 of CPU 0
                mark sent
                iocsr.write.d t0, [0x1158]
                mark back
                work 100us
                exit
            sender:
                work 20us
                li   t0, 0
                iocsr.write.w t0, [0x1040]
                idle
            target:
                work 1ms
            """, vcpus: 3);
        Assert.Equal(KernelAccess + Instruction, run.Between(2, "sent", "back"));
        Assert.Equal(1, run.Exits(0, "int").Count);
        Assert.Equal(0, run.Ipi(0).Fates.Open);
    }

    /// <summary>The kick was paid for as that of a running CPU, but it finds the target outside and pulls nobody out.</summary>
    [Fact]
    public void A_cpu_that_leaves_the_guest_before_a_kick_takes_effect_is_not_pulled_out()
    {
        // The access is made at about 20.93 us, the kick takes effect 250 ns later; the target's own exit is between.
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, target
                li   t0, 1 << 16 | 1
                work 20us
                mark sent
                iocsr.write.w t0, [0x1040]
                mark back
                work 50us
                exit
            target:
                work 21040
                cpucfg t0, zero
                csr.read t0, ESTAT
                assert.eq t0, 1 << 12, "the line came with the entry"
                work 1ms
            """, vcpus: 2);
        Assert.Equal(KernelAccess + KickRunning + Instruction, run.Between(0, "sent", "back"));
        Assert.Equal((0, 1), (run.Exits(1, "int").Count, run.Exits(1, "cpucfg").Count));
    }

    [Theory]
    [InlineData("iocsr.read.w t0, [0x1000]", KernelAccess)]
    [InlineData("iocsr.write.w t0, [0x1004]", KernelAccess)]
    [InlineData("iocsr.write.w t1, [0x1040]", KernelAccess + KickOutside)]
    [InlineData("iocsr.write.w zero, [0x1008]", KernelAccess)]
    [InlineData("iocsr.read.w t0, [0x8]", UserAccess)]
    [InlineData("iocsr.write.w t0, [0x1d00]", UserAccess)]
    [InlineData("iocsr.read.w t0, [0x1600]", KernelAccess)]
    [InlineData("iocsr.write.w t0, [0x1600]", KernelAccess)]
    [InlineData("mmio.read.w t0, [0x10000020]", KernelAccess)]
    [InlineData("mmio.write.w t0, [0x10000060]", KernelAccess)]
    [InlineData("mmio.read.w t0, [0x1fe00300]", UserAccess)]
    [InlineData("mmio.write.w t0, [0x1fe00300]", UserAccess)]
    [InlineData("mmio.read.bu t0, [0x1fe001e5]", UserAccess)]
    [InlineData("mmio.write.b t0, [0x1fe001e1]", UserAccess)]
    [InlineData("mmio.write.b t1, [0x1fe001e1]", UserAccess + Injection)]
    [InlineData("iocsr.read.d t0, [0x420]", UserAccess + Injection)]
    [InlineData("iocsr.write.d t0, [0x420]", UserAccess + (2 * Injection))]
    [InlineData("cpucfg t0, zero", Hypercall)]
    [InlineData("hypercall 0x100", Hypercall)]
    [InlineData("csr.read t0, ESTAT", Instruction)]
    [InlineData("time.read t0", Instruction)]
    public void A_trap_costs_what_its_kind_costs(string instruction, long picoseconds)
    {
        using var run = GuestRun.Passing($"""
            start:
                li   t1, 1                    # IPI_SEND: vector 1 of CPU 0, this one
                mark from
                {instruction}
                mark to
                exit
            """);
        Assert.Equal(picoseconds + Instruction, run.Between(0, "from", "to"));
    }

    /// <summary>Vector S1: one IPI, sent and received, in the kernel.</summary>
    [Fact]
    public void S1_one_ipi_is_one_write_at_the_sender_and_a_read_and_a_write_at_the_receiver()
    {
        using var run = GuestRun.Passing(Source(Idle), 2);
        // Both units have had one write more: EN, when the IPIs were enabled.
        Assert.Equal((0UL, 1UL + 1), run.Ipi(0).Exits);
        Assert.Equal((1UL, 1UL + 1), run.Ipi(1).Exits);
        Assert.Equal((1, 1, 1), (run.Exits(0, "ipi_write IPI_SEND").Count, run.Exits(1, "ipi_read STATUS").Count, run.Exits(1, "ipi_write CLEAR").Count));
        Assert.Equal(0, run.Exits(0, "iocsr_write user").Count + run.Exits(1, "iocsr_read user").Count + run.Exits(1, "iocsr_write user").Count);
    }

    [Fact]
    public void One_round_to_255_cpus_is_255_traps_to_send_and_510_to_receive()
    {
        using var run = GuestRun.Passing("""
            .include "exception.inc.guest"
            .include "ipi.inc.guest"
            EXCEPTION_HANDLER handle
            .percpu mask, CPUMASK_BYTES
            .shared handled, 8
            handle:
                PUSH ra
                call ipi_read_clear
                li   t0, 1
                amadd.d zero, t0, [handled]
                POP  ra
                ret
            start:
                call exception_init
                call ipi_init
                cpu.index t0
                bnez t0, .sleep
                work 100us
                la.percpu a0, mask
                call cpumask_all_but_self
                la.percpu a0, mask
                li   a1, ACTION_CALL_FUNCTION
                mark sent
                call ipi_send_mask
                mark back
                li   t1, 255
            .wait:
                ld.d t0, [handled]
                beq  t0, t1, .done
                wait.d t0, [handled], t0
                b    .wait
            .done:
                exit
            .sleep:
                IDLE
                b    .sleep
            """, vcpus: 256);
        Assert.Equal(255, run.Exits(0, "ipi_write IPI_SEND").Count);
        Assert.Equal(255, Enumerable.Range(1, 255).Sum(cpu => run.Exits(cpu, "ipi_read STATUS").Count));
        Assert.Equal(255, Enumerable.Range(1, 255).Sum(cpu => run.Exits(cpu, "ipi_write CLEAR").Count));
        Assert.Equal(255 * (KernelAccess + KickIdle), run.Exits(0, "ipi_write IPI_SEND").Total);
    }

    /// <summary>From the start of the sending instruction to the entry of the handler.</summary>
    private static long Latency(GuestRun run, int cpu) => run.Vcpu(cpu).Statistics.Latencies[0]!.Greatest.Picoseconds;
}
