using Trapline.Devices.LoongArch;
using Trapline.Machines.Costs;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>
/// The numbered vectors P25 to P28: what a paravirtual IPI does to a vCPU, by what that is doing; and what it costs the
/// caller, with the profile 3c5000. Expected times are sums of the profile's numbers as its file gives them.
/// </summary>
public sealed class PvKickTests
{
    private const long Instruction = 500;
    private const long Exit = 1_213_000;
    private const long Decode = 30_000;
    private const long Target = 20_000;
    private const long KickIdle = 770_000;
    private const long KickRunning = 250_000;
    private const long KickOutside = 50_000;
    private const long WakeIdle = 5_000_000;
    private const long WakeRunning = 2_700_000;

    /// <summary>CPU 0 sends to CPU 2 after 20 us; CPU 1 does what it is told.</summary>
    private static string Source(string target, string other = "idle", string mask = "4") => $"""
        .align 4096
        handler:
            csr.write t0, SAVE0
            csr.write t1, SAVE1
            mark taken
            li   t0, 1
            csr.xchg zero, t0, ESTAT
            csr.read t0, SAVE0
            csr.read t1, SAVE1
            ertn
        .macro LISTEN
            li   t0, 4
            csr.write t0, CRMD
        .endm
        .macro SEND
            li   a0, 1
            li   a1, {mask}
            li   a2, 0
            li   a3, 0
            mark sent
            hypercall 0x100
            mark back
            assert.eq a0, 0
            assert.eq a1, {mask}
        .endm
        start:
            la   t0, handler
            csr.write t0, EENTRY
            li   t0, 1
            csr.write t0, ECFG
            cpu.index t0
            beqz t0, sender
            li   t1, 2
            beq  t0, t1, target
            {other}
            idle
        sender:
            work 20us
            SEND
            work 80us
            exit
        target:
            {target}
        """;

    private const string Idle = "LISTEN\n idle\n idle";
    private const string Running = "LISTEN\n work 1ms";

    /// <summary>Busy with one long exit: a configuration word of 40 us.</summary>
    private const string Outside = "LISTEN\n work 10us\n cpucfg t0, zero\n work 1ms";

    private static long LatencyOf(GuestRun run, int vcpu) => (run.MarkAt(vcpu, "taken") - run.MarkAt(0, "sent")).Picoseconds;

    [Fact]
    public void P25_a_target_in_the_guest_is_pulled_out_once()
    {
        using var run = GuestRun.Passing(Source(Running), 3);
        Assert.Equal((1, 1ul), (run.Exits(2, "int").Count, run.Vcpu(2).Statistics.HostInterruptExits));
        Assert.Equal(1, run.Vcpu(2).Statistics.Taken[CpuLines.Swi0]);
        Assert.Equal(Instruction + Exit + Decode + Target + KickRunning, run.Between(0, "sent", "back"));
        // The mark is an instruction, and so are the two that save registers.
        Assert.Equal((4 * Instruction) + (Exit / 2) + Decode + Target + KickRunning + WakeRunning, LatencyOf(run, 2));
    }

    [Fact]
    public void P26_a_target_that_is_blocked_is_woken()
    {
        using var run = GuestRun.Passing(Source(Idle), 3);
        Assert.Equal((0, 0ul), (run.Exits(2, "int").Count, run.Vcpu(2).Statistics.HostInterruptExits));
        Assert.Equal((1, 2ul), (run.Exits(2, "idle").Count, run.Vcpu(2).Statistics.IdleExits));
        Assert.Equal(Instruction + Exit + Decode + Target + KickIdle, run.Between(0, "sent", "back"));
        Assert.Equal((4 * Instruction) + (Exit / 2) + Decode + Target + KickIdle + WakeIdle, LatencyOf(run, 2));
    }

    [Fact]
    public void P27_a_target_outside_the_guest_finds_it_at_its_entry()
    {
        using var run = GuestRun.Passing(Source(Outside), 3, GuestRun.Costs((CostNames.Hypercall, 40_000)));
        Assert.Equal((0, 0ul), (run.Exits(2, "int").Count, run.Vcpu(2).Statistics.HostInterruptExits));
        Assert.Equal(1, run.Vcpu(2).Statistics.Taken[CpuLines.Swi0]);
        Assert.Equal(Instruction + 40_000_000 + Decode + Target + KickOutside, run.Between(0, "sent", "back"));
    }

    [Fact]
    public void P28_two_that_call_before_it_enters_cause_one_interrupt()
    {
        using var run = GuestRun.Passing(Source(Outside, other: "work 20us\n SEND"), 3, GuestRun.Costs((CostNames.Hypercall, 40_000)));
        Assert.Equal((1ul, 1ul), (run.Vcpu(0).HypercallExits, run.Vcpu(1).HypercallExits));
        Assert.Equal(1, run.Vcpu(2).Statistics.Taken[CpuLines.Swi0]);
        var fates = run.Vcpu(2).Statistics.SoftwareFates;
        Assert.Equal((2, 1, 1, 0), (fates.Raised, fates.Coalesced, fates.Handled, fates.Open));
    }

    [Fact]
    public void The_caller_names_itself_without_a_host_interrupt_and_has_it_when_the_call_returns()
    {
        using var run = GuestRun.Passing(Source(Idle, mask: "1").Replace("work 20us", "work 20us\n LISTEN", StringComparison.Ordinal), 3);
        Assert.Equal(0, run.Exits(0, "int").Count);
        Assert.Equal(1, run.Vcpu(0).Statistics.Taken[CpuLines.Swi0]);
        Assert.Equal((4 * Instruction) + Exit + Decode + Target + KickOutside, LatencyOf(run, 0));
        Assert.Equal((1, 0), (run.Vcpu(0).Statistics.SoftwareFates.Handled, run.Vcpu(0).Statistics.SoftwareFates.Open));
    }

    [Fact]
    public void Ids_that_nobody_has_cost_their_look_up_and_nothing_else()
    {
        using var run = GuestRun.Passing(Source(Idle, mask: "0xff8"), 3);
        Assert.Equal(Instruction + Exit + Decode + (9 * Target), run.Between(0, "sent", "back"));
        using var nobody = GuestRun.Passing(Source(Idle, mask: "0"), 3);
        Assert.Equal(Instruction + Exit + Decode, nobody.Between(0, "sent", "back"));
        Assert.Equal(1ul, nobody.Vcpu(0).HypercallExits);
    }

    [Fact]
    public void A_raise_that_is_masked_waits_and_the_caller_pays_the_kick()
    {
        using var run = GuestRun.Passing(Source("csr.write zero, ECFG\n LISTEN\n work 1ms"), 3);
        Assert.Equal(1, run.Exits(2, "int").Count);
        Assert.Equal((0L, 1L), (run.Vcpu(2).Statistics.Taken[CpuLines.Swi0], run.Vcpu(2).Statistics.SoftwareFates.Open));
        Assert.True(run.Vcpu(2).Masks(CpuLines.Swi0));
    }

    /// <summary>Each CPU's hypercall names the other while the other's names it: serving calls nobody, so both come back.</summary>
    [Fact]
    public void Two_that_name_one_another_at_one_instant_both_come_back()
    {
        using var run = GuestRun.Passing("""
            .shared finished, 8
            start:
                cpu.index t0
                li   s0, 200
            .next:
                li   a0, 1
                li   a1, 3
                li   a2, 0
                li   a3, 0
                hypercall 0x100
                assert.eq a0, 0
                csr.write zero, ESTAT
                sub  s0, s0, 1
                bnez s0, .next
                li   t2, 1
                amadd.d t2, t2, [finished]
                bnez t2, .last
                idle
            .last:
                work 20us
                exit
            """, vcpus: 2);
        foreach (var cpu in new[] { 0, 1 })
        {
            var fates = run.Vcpu(cpu).Statistics.SoftwareFates;
            Assert.Equal(400, fates.Raised);
            Assert.InRange(fates.Open, 0, 1);
            Assert.Equal(200ul, run.Vcpu(cpu).HypercallExits);
        }
    }

    [Fact]
    public void A_user_program_cannot_execute_it()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                csr.read t0, ESTAT
                srl  t0, t0, 16
                assert.eq t0, 0xe             # IPE
                exit
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 3
                csr.write t0, CRMD
                hypercall 0x100
            """);
        Assert.Equal(0ul, run.Vcpu(0).HypercallExits);
    }
}
