using Trapline.Actors.Kernel;
using Trapline.Actors.Vcpus;
using Trapline.Messages;
using Trapline.Messages.State;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>CPUs are switched on and off by calls of firmware, which KVM answers.</summary>
public sealed class PsciTests
{
    private const string Call = """
        .macro CALL function, first=0, second=0, third=0
            li   a0, \function
            li   a1, \first
            li   a2, \second
            li   a3, \third
            hvc  0
        .endm

        """;

    [Theory]
    [InlineData("0x84000000", 0x1_0001)]
    [InlineData("0x80000000", 0x1_0001)]
    [InlineData("0x80000001, 0x80000001", 0)]
    [InlineData("0x80000001, 0x80008000", -1)]
    [InlineData("0x84000006", 2)]
    [InlineData("0x8400000a, 0xc4000003", 0)]
    [InlineData("0x8400000a, 0x84000012", 0)]
    [InlineData("0x8400000a, 0x80000000", 0)]
    [InlineData("0x8400000a, 0x84000005", -1)]
    [InlineData("0x84000005", -1)]
    [InlineData("0x12345678", -1)]
    [InlineData("0xffff_ffff_8400_0000", 0x1_0001)]
    [InlineData("0xc4000003, 0", -4)]
    [InlineData("0xc4000003, 7", -2)]
    [InlineData("0xc4000003, 0x1_0000_0001", -2)]
    [InlineData("0xc4000004, 0", 0)]
    [InlineData("0xc4000004, 1", 1)]
    [InlineData("0xc4000004, 1, 4", -2)]
    [InlineData("0xc4000004, 2, 0", -2)]
    [InlineData("0xc4000004, 15, 1", 0)]
    [InlineData("0xc4000004, 0x100, 1", -2)]
    [InlineData("0x84000004, 0xffffffff00000001", 1)]
    public void A_call_has_its_result_and_clears_three_registers(string arguments, long result)
    {
        using var bench = ArmBench.Passing($"{Call}start:\n CALL {arguments}\n assert.eq a0, {result}\n assert.eq a1, 0\n assert.eq a2, 0\n assert.eq a3, 0\n exit 0", vcpus: 2);
        Assert.Equal(1, bench.Exits(0, "hvc"));
    }

    [Fact]
    public void An_smc_does_the_same_but_for_codes_that_are_reserved()
    {
        using var bench = ArmBench.Passing("start:\n li a0, 0x84000000\n smc 0\n assert.eq a0, 0x10001\n li a1, 9\n smc 1\n assert.eq a0, -1\n assert.eq a1, 9\n exit 0");
        Assert.Equal([("smc", 2L)], bench.Exits(0));
    }

    [Fact]
    public void Cpu_on_starts_a_cpu_anew_with_its_context_and_cpu_off_stops_it()
    {
        using var bench = ArmBench.Passing(Call + """
            .shared stage, 8
            start:
                OPEN
                cpu.index t0
                assert.eq t0, 0, "a CPU runs that is off"
                mark calling
                CALL 0xc4000003, 1, second, 77
                mark called
                assert.eq a0, 0
                CALL 0xc4000003, 1, second, 77
                assert.eq a0, -4
            .wait:
                ld.d t0, [stage]
                li   t1, 1
                bltu t0, t1, .wait
            .off:
                CALL 0xc4000004, 1
                beqz a0, .off
                assert.eq a0, 1
                CALL 0xc4000003, 1, third, 78
                assert.eq a0, 0
            .again:
                ld.d t0, [stage]
                li   t1, 2
                bltu t0, t1, .again
                exit 0
            second:
                mark begun, a0
                assert.eq a1, 0
                la.percpu t0, percpu_size
                assert.eq sp, t0
                sysreg.read t0, DAIF
                assert.eq t0, 0x3C0
                OPEN
                li   t0, 5
                sysreg.write t0, TPIDR_EL1
                li   t0, 1
                st.d t0, [stage]
                li   a0, 0x84000002
                hvc  0
                assert.eq zero, 1, "CPU_OFF has returned"
            third:
                mark begun, a0
                sysreg.read t0, ICC_PMR_EL1
                assert.eq t0, 0
                sysreg.read t0, VBAR_EL1
                assert.eq t0, 0
                sysreg.read t0, TPIDR_EL1
                assert.eq t0, 0
                li   t0, 2
                st.d t0, [stage]
            .sleep:
                wfi
                b    .sleep
            """, vcpus: 2);
        Assert.Equal([77UL, 78UL], bench.Marks(1, "begun").Select(mark => mark.Value));
        var calling = bench.Mark(0, "calling").At;

        // The caller pays for the kick; the other begins when its thread has woken.
        Assert.Equal(calling + 5 + ArmBench.Hypercall + ArmBench.KickIdle, bench.Mark(0, "called").At);
        Assert.InRange(bench.Marks(1, "begun")[0].At, calling + ArmBench.KickIdle + ArmBench.WakeIdle, calling + ArmBench.Hypercall + ArmBench.KickIdle + ArmBench.WakeIdle + ArmBench.Latency);
        Assert.Equal((VcpuPhase.Blocked, 1L), (bench.Vcpu(1).Phase, bench.Exits(1, "hvc")));
    }

    [Fact]
    public void An_sgi_to_a_cpu_that_is_off_waits_for_it()
    {
        using var bench = ArmBench.Passing(Call + """
            start:
                li   t0, (1 << 40) | (2 << 24)
                sysreg.write t0, ICC_SGI1R_EL1
                work 20us
                CALL 0xc4000003, 1, second
                work 20us
                exit 0
            second:
                OPEN
                daif.clear 2
                wfi
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                mark taken, a0
                wfi
            """, vcpus: 2);
        Assert.Equal(2UL, bench.Mark(1, "taken").Value);
        Assert.Equal(0, bench.Exits(1, "int"));
    }

    [Fact]
    public void Cpu_suspend_waits_as_wfi_does()
    {
        using var bench = ArmBench.Passing($"""
            {Call}
            start:
                OPEN
                {ArmVcpuTests.EnableTimer}
                li   t0, 1000
                sysreg.write t0, CNTV_TVAL_EL0
                li   t0, 1
                sysreg.write t0, CNTV_CTL_EL0
                CALL 0xc4000001
                mark woken, a0
                exit 0
            """);
        Assert.Equal(0UL, bench.Mark(0, "woken").Value);
        Assert.True(bench.Mark(0, "woken").At > 16_000 + ArmBench.WakeIdle);
        Assert.Equal([("hvc", 1L), ("mmio_write GICR_ISENABLER0", 1L)], bench.Exits(0).OrderBy(row => row.Reason, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("0x84000008", 0, "vcpu0 switched the machine off (PSCI SYSTEM_OFF)")]
    [InlineData("0x84000009", 1, "vcpu0 reset the machine (PSCI SYSTEM_RESET), which ends a run here")]
    [InlineData("0xc4000012", 1, "vcpu0 reset the machine (PSCI SYSTEM_RESET), which ends a run here")]
    public void The_machine_is_switched_off_by_user_space(string function, int code, string detail)
    {
        using var bench = new ArmBench($"{Call}start:\n CALL {function}\n assert.eq zero, 1").ToEnd();
        Assert.Equal((EndReason.Exit, (ulong)code, detail), (bench.Engine.End!.Reason, bench.Engine.End.Code, bench.Engine.End.Detail));
    }

    [Fact]
    public void A_run_goes_on_alike_from_a_state_saved_at_any_time()
    {
        const string Text = Call + """
            start:
                OPEN
                CALL 0xc4000003, 1, second, 3
                daif.clear 2
                li   s2, 20
            .send:
                li   t0, 0x0100_0002
                sysreg.write t0, ICC_SGI1R_EL1
                work 700ns
                sub  s2, s2, 1
                bnez s2, .send
                work 20us
                exit 0
            second:
                OPEN
                daif.clear 2
            .sleep:
                work 300ns
                wfi
                b    .sleep
            on_irq:
                sysreg.read a0, ICC_IAR1_EL1
                count taken
                sysreg.write a0, ICC_EOIR1_EL1
                eret
            """;
        (long, Action<ScriptedGic>)[] script = [(6_000, gic => gic.Hand(1, 8192)), (6_500, gic => gic.Hand(0, 40)), (6_600, gic => gic.Recall(0, 32, 0xFFFF)), (9_000, gic => gic.Hand(1, 8193))];
        using var whole = ArmBench.Passing(Text, vcpus: 2, script: script);
        for (long cut = 100; cut < 25_000; cut += 613)
        {
            using var first = new ArmBench(Text, vcpus: 2, script: script);
            first.Engine.Start();
            first.Engine.Run(VirtualTime.FromNanoseconds(cut));
            var writer = new StateWriter();
            first.Engine.SyncState(writer);
            using var second = new ArmBench(Text, vcpus: 2, script: script);
            var reader = new StateReader(writer.Written);
            second.Engine.SyncState(reader);
            reader.Finish();
            second.Engine.Run(VirtualTime.Never);
            Assert.Equal(Rows(whole), Rows(second));
        }
    }

    private static List<KeyValuePair<string, ulong>> Rows(ArmBench bench)
    {
        var lister = new StateLister();
        bench.Vcpu(0).SyncState(lister);
        bench.Vcpu(1).SyncState(lister);
        return [.. lister.Rows];
    }
}
