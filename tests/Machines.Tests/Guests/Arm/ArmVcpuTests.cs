using Trapline.Actors.Arm;
using Trapline.Messages;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>What an ARM vCPU does by itself: system registers, exceptions, what traps and what does not, its timer.</summary>
public sealed class ArmVcpuTests
{
    [Fact]
    public void System_registers_do_not_trap()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                sysreg.read t0, MPIDR_EL1
                assert.eq t0, 0x8000_0000
                sysreg.read t0, CurrentEL
                assert.eq t0, 4
                sysreg.read t0, ICC_PMR_EL1
                assert.eq t0, 0xF0
                sysreg.read t0, ICC_IAR1_EL1
                assert.eq t0, 1023
                li   t0, 77
                sysreg.write t0, TPIDR_EL1
                sysreg.read t1, TPIDR_EL1
                assert.eq t1, 77
                sysreg.read t0, DAIF
                assert.eq t0, 0x3C0
                daif.clear 3
                sysreg.read t0, DAIF
                assert.eq t0, 0x300
                li   t0, 0x40
                sysreg.write t0, DAIF
                daif.set 8
                sysreg.read t0, DAIF
                assert.eq t0, 0x240
                sysreg.read t0, CNTFRQ_EL0
                assert.eq t0, 62_500_000
                time.read t0
                sysreg.read t1, CNTVCT_EL0
                sub  t1, t1, t0
                assert.ltu t1, 2
                exit 0
            """);
        Assert.Empty(bench.Exits(0));
    }

    [Theory]
    [InlineData("sysreg.read t0, S3_0_C15_C1_1", 0x00, 0)]
    [InlineData("sysreg.write t0, ICC_IAR1_EL1", 0x00, 0)]
    [InlineData("sysreg.read t0, ICC_SGI1R_EL1", 0x00, 0)]
    [InlineData("svc 0x123", 0x15, 0x123)]
    [InlineData("brk 0xffff", 0x3C, 0xFFFF)]
    [InlineData("ld.d t0, [0x4000_0004]", 0x25, 0x21)]
    [InlineData("st.d t0, [0x4000_0004]", 0x25, 0x61)]
    [InlineData("ld.d t0, [0x3fff_fff8]", 0x25, 0x10)]
    [InlineData("amadd.d t1, t0, [0x5000_0000]", 0x25, 0x50)]
    [InlineData("mmio.read.w t0, [0x0800_0002]", 0x25, 0x21)]
    public void What_cannot_be_done_raises_its_exception(string instruction, int exceptionClass, int syndrome)
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
            tried:
                {instruction}
                assert.eq zero, 1, "it did not fault"
            on_sync:
                sysreg.read a0, ESR_EL1
                mark syndrome, a0
                sysreg.read a0, ELR_EL1
                la   a1, tried
                sub  a0, a0, a1
                mark from, a0
                sysreg.read a0, FAR_EL1
                mark address, a0
                exit 0
            """);
        Assert.Equal(((ulong)exceptionClass << 26) | 0x200_0000 | (uint)syndrome, bench.Mark(0, "syndrome").Value);
        Assert.Equal(instruction.StartsWith("svc", StringComparison.Ordinal) ? 4UL : 0, bench.Mark(0, "from").Value);
        Assert.Empty(bench.Exits(0));
    }

    [Fact]
    public void A_jump_into_nowhere_is_an_instruction_abort_and_an_odd_one_is_misaligned()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                li   s0, 0x1000
                jr   s0
            second:
                li   s0, 0x4020_0002
                jr   s0
            third:
                li   s0, 0x4030_0000
                jr   s0
            on_sync:
                sysreg.read a0, ESR_EL1
                srl  a0, a0, 26
                mark class, a0
                sysreg.read a1, ELR_EL1
                assert.eq a1, s0
                la   a2, second
                li   t0, 0x1000
                beq  a1, t0, .go
                la   a2, third
                li   t0, 0x4020_0002
                beq  a1, t0, .go
                exit 0
            .go:
                sysreg.write a2, ELR_EL1
                eret
            """);
        Assert.Equal([0x21, 0x22, 0], bench.Marks(0, "class").Select(mark => mark.Value));
    }

    [Fact]
    public void An_sgi_to_itself_traps_once_and_is_taken_at_the_entry()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                li   t0, 0x0500_0001
                sysreg.write t0, ICC_SGI1R_EL1
                mark sent
                daif.clear 2
                assert.eq zero, 1, "no interrupt came"
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                assert.eq a0, 5
                sysreg.write a0, ICC_EOIR1_EL1
                sysreg.read a0, ICC_RPR_EL1
                assert.eq a0, 0xFF
                exit 0
            """);
        Assert.Equal([("sysreg_write ICC_SGI1R_EL1", 1L)], bench.Exits(0));
        Assert.Equal(1, bench.Vcpu(0).Statistics.Taken[InterruptClasses.Sgi]);
        Assert.Equal((1, 1), (bench.Vcpu(0).Statistics.SoftwareFates.Raised, bench.Vcpu(0).Statistics.SoftwareFates.Handled));

        // KernelAccess and one pending bit; two instructions to the handler.
        Assert.Equal((1, ArmBench.KernelAccess + ArmBench.KickOutside + 2), bench.Latencies(0, "ipi vcpu->vcpu"));
    }

    [Theory]
    [InlineData("ICC_ASGI1R_EL1")]
    [InlineData("ICC_SGI0R_EL1")]
    public void An_sgi_of_the_other_group_leaves_no_trace(string register)
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
                daif.clear 2
                li   t0, 0x0500_0001
                sysreg.write t0, {register}
                mmio.read.w t0, [0x080b_0200]
                assert.eq t0, 0
                exit 0
            """);
        Assert.Equal([("mmio_read GICR_ISPENDR0", 1L), ($"sysreg_write {register}", 1L)], bench.Exits(0).OrderBy(row => row.Reason));
        Assert.Equal(0, bench.Vcpu(0).Statistics.SoftwareFates.Raised);
    }

    [Fact]
    public void The_own_sgi_frame_is_read_and_written_by_two_messages_and_counted_by_register()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                mmio.read.w t0, [0x080b_0100]
                assert.eq t0, 0xFFFF
                li   t0, 1 << 27
                mmio.write.w t0, [0x080b_0100]
                mmio.read.w t0, [0x080b_0180]
                assert.eq t0, 0x0800_ffff
                mmio.read.b t0, [0x080b_041b]
                assert.eq t0, 0
                exit 0
            """);
        Assert.Equal(
            [("mmio_read GICR_ICENABLER0", 1L), ("mmio_read GICR_IPRIORITYR", 1L), ("mmio_read GICR_ISENABLER0", 1L), ("mmio_write GICR_ISENABLER0", 1L)],
            bench.Exits(0).OrderBy(row => row.Reason, StringComparer.Ordinal));
    }

    [Fact]
    public void Wfi_traps_where_nothing_is_pending_and_the_timer_ends_it()
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
                {EnableTimer}
                li   t0, 1000
                sysreg.write t0, CNTV_TVAL_EL0
                li   t0, 1
                sysreg.write t0, CNTV_CTL_EL0
                mark armed
                wfi
                mark woken
                daif.clear 2
                assert.eq zero, 1, "no interrupt came"
            {TimerHandler}
            """);
        Assert.Equal(1, bench.Exits(0, "wfi"));
        Assert.Equal(0, bench.Exits(0, "int"));

        // 1000 ticks of 16 ns after the tick in which it was armed.
        var (armed, woken) = (bench.Mark(0, "armed").At, bench.Mark(0, "woken").At);
        Assert.InRange(woken, armed + 16_000 - 16 + ArmBench.WakeIdle - 5, armed + 16_000 + ArmBench.WakeIdle);
        Assert.Equal(1, bench.Vcpu(0).Statistics.OwnFates.Handled);
        Assert.Equal(1, bench.Latencies(0, "timer vcpu->vcpu").Count);
    }

    [Fact]
    public void Wfi_with_a_masked_interrupt_at_hand_does_not_trap()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                li   t0, 0x0500_0001
                sysreg.write t0, ICC_SGI1R_EL1
                wfi
                wfi
                exit 0
            """);
        Assert.Equal(0, bench.Exits(0, "wfi"));
    }

    [Fact]
    public void A_timer_that_runs_out_in_the_guest_takes_it_out_and_is_taken_at_the_entry()
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
                {EnableTimer}
                li   t0, 1000
                sysreg.write t0, CNTV_TVAL_EL0
                li   t0, 1
                sysreg.write t0, CNTV_CTL_EL0
                daif.clear 2
                mark working
                work 1ms
                assert.eq zero, 1, "no interrupt came"
            {TimerHandler}
            """);
        Assert.Equal((1, 0), (bench.Exits(0, "int"), bench.Exits(0, "wfi")));
        var working = bench.Mark(0, "working").At;
        Assert.InRange(bench.Mark(0, "handled").At, working + 16_000 - 16 + ArmBench.WakeRunning - 10, working + 16_000 + ArmBench.WakeRunning + 5);
        Assert.Equal((1, ArmBench.WakeRunning), bench.Latencies(0, "timer vcpu->vcpu"));
    }

    [Fact]
    public void A_timer_that_is_set_to_the_past_interrupts_at_once_by_the_host()
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
                {EnableTimer}
                daif.clear 2
                li   t0, 1
                sysreg.write t0, CNTV_CTL_EL0
                assert.eq zero, 1, "no interrupt came"
            {TimerHandler}
            """);
        Assert.Equal(1, bench.Exits(0, "int"));
        Assert.Equal((1, ArmBench.WakeRunning + ArmBench.Instruction), bench.Latencies(0, "timer vcpu->vcpu"));
    }

    [Fact]
    public void Work_that_an_interrupt_broke_off_goes_on_after_the_handler()
    {
        using var bench = ArmBench.Passing($"""
            start:
                OPEN
                {EnableTimer}
                li   t0, 1000
                sysreg.write t0, CNTV_TVAL_EL0
                li   t0, 1
                sysreg.write t0, CNTV_CTL_EL0
                daif.clear 2
                mark begin
                work 100us
                mark end
                exit 0
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                li   a1, 0
                sysreg.write a1, CNTV_CTL_EL0
                sysreg.write a0, ICC_EOIR1_EL1
                eret
            """);

        // Left for a host interrupt; the mark, the exception, a branch and five instructions of the handler.
        Assert.Equal(100_000 + ArmBench.WakeRunning + (8 * ArmBench.Instruction), bench.Mark(0, "end").At - bench.Mark(0, "begin").At);
        Assert.Equal((1, 1), (bench.Vcpu(0).Statistics.OwnFates.Raised, bench.Vcpu(0).Statistics.OwnFates.Handled));
    }

    [Fact]
    public void Registers_of_devices_and_of_nobody_are_left_to_who_has_them()
    {
        using var bench = ArmBench.Passing("""
            start:
                OPEN
                mmio.read.w t0, [0x0800_0004]
                assert.eq t0, 0x5A
                mmio.read.w t0, [0x0700_0000]
                assert.eq t0, 0
                exit 0
            """);
        Assert.Equal([("mmio_read GICD_TYPER", 1L), ("mmio_read user", 1L)], bench.Exits(0).OrderBy(row => row.Reason, StringComparer.Ordinal));
        Assert.Equal(0x0800_0004UL, Assert.Single(bench.Gic.Of(MessageKind.MmioRead)).Word0);
    }

    [Theory]
    [InlineData("wfi")]
    [InlineData("hvc 0")]
    [InlineData("eret")]
    [InlineData("daif.clear 2")]
    [InlineData("sysreg.read t0, ICC_IAR1_EL1")]
    [InlineData("sysreg.read t0, CNTVCT_EL0")]
    public void At_el0_what_is_the_kernels_does_not_exist(string instruction)
    {
        using var bench = ArmBench.Passing($"""
            .org vectors + 0x400
                b    from_user
            start:
                OPEN
                la   t0, user
                sysreg.write t0, ELR_EL1
                sysreg.write zero, SPSR_EL1
                eret
            user:
                sysreg.read t0, TPIDR_EL0
                {instruction}
                assert.eq zero, 1, "EL0 could do it"
            from_user:
                sysreg.read a0, ELR_EL1
                la   a1, user
                sub  a0, a0, a1
                assert.eq a0, 4
                exit 0
            """);
        Assert.Empty(bench.Exits(0));
    }

    internal const string EnableTimer = "li t0, 1 << 27\n mmio.write.w t0, [0x080b_0100]";

    private const string TimerHandler = """
        on_irq:
            mark handled
            sysreg.read a0, ICC_IAR1_EL1
            assert.eq a0, 27
            exit 0
        """;
}
