using Trapline.Actors.Kernel;
using Trapline.Devices.LoongArch;
using Trapline.Machines.Boards;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>The numbered vectors W1 to W8: the message of a CPU. A and B, CPUs 0 and 1, send to CPU 4.</summary>
public sealed class PvMessageTests
{
    private const int Target = 4;
    private const string Reschedule = "li a0, 4\n li a1, ACTION_RESCHEDULE\n call smp_send_single";
    private const string CallFunction = "li a0, 4\n li a1, ACTION_CALL_FUNCTION\n call smp_send_single";

    /// <summary>Between the two steps of the receiver.</summary>
    private static string Slowly(string text) => text.Replace(
        "    la.percpu t0, pv_message\n    amswap.w a0",
        "    work 30us\n    la.percpu t0, pv_message\n    amswap.w a0",
        StringComparison.Ordinal);

    /// <param name="a">What A does, 20 us after the start.</param>
    /// <param name="b">What B does, 40 us after it.</param>
    /// <param name="listensAfter">When the target takes interrupts.</param>
    /// <param name="rewrite">Of the library.</param>
    /// <param name="paravirt">Of the machine.</param>
    /// <param name="target">What the target does then.</param>
    private static GuestRun Run(
        string a, string b = "nop", string listensAfter = "1us", Func<string, string>? rewrite = null, Paravirtualization paravirt = Paravirtualization.Final,
        string target = "nop")
    {
        var run = new GuestRun($"""
            .include "exception.inc.guest"
            .include "pv-ipi.inc.guest"
            .shared found, 8
            EXCEPTION_HANDLER exception_unexpected, exception_unexpected, exception_unexpected, on_software
            on_software:
                PUSH ra
                call pv_ipi_read_clear
                POP  ra
                mark action, a0
                ret
            start:
                call exception_init
                cpu.index t0
                bnez t0, .wait
                call pv_ipi_init
                li   t0, 1
                st.d t0, [found]
                b    .found
            .wait:
                wait.d t1, [found], zero
            .found:
                call smp_init_ipi
                cpu.index t0
                beqz t0, a
                li   t1, 1
                beq  t0, t1, b
                li   t1, {Target}
                beq  t0, t1, target
                idle
            a:
                work 20us
                {a}
                work 200us
                li   t1, {Target}
                la.percpu t0, pv_message, t1
                ld.w t1, [t0]
                mark word, t1
                exit
            b:
                work 40us
                {b}
                idle
            target:
                work {listensAfter}
                INTERRUPTS_ON
                {target}
                work 1ms
            """, vcpus: 5, rewrite: rewrite, paravirt: paravirt).ToEnd();
        Assert.True(run.End is { Reason: EndReason.Exit, Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return run;
    }

    private static void Check(GuestRun run, ulong callsOfA, ulong callsOfB, ulong[] actions, ulong word)
    {
        using (run)
        {
            Assert.Equal((callsOfA, callsOfB), (run.Vcpu(0).HypercallExits, run.Vcpu(1).HypercallExits));
            Assert.Equal(actions, run.Marks(Target, "action").Select(mark => mark.Value));
            Assert.Equal(actions.Length, run.Vcpu(Target).Statistics.Taken[CpuLines.Swi0]);
            Assert.Equal(word, run.Marks(0, "word").Single().Value);
            Assert.Equal(0, run.Vcpu(Target).Statistics.SoftwareFates.Open);
        }
    }

    [Fact]
    public void W1_one_sender() => Check(Run(Reschedule), 1, 0, [2], 0);

    [Fact]
    public void W2_the_second_sender_makes_no_call() => Check(Run(Reschedule, CallFunction, listensAfter: "100us"), 1, 0, [6], 0);

    [Fact]
    public void W3_nor_does_the_first_again() => Check(Run($"{Reschedule}\n {Reschedule}", listensAfter: "100us"), 1, 0, [2], 0);

    [Fact]
    public void W4_after_the_handler_has_taken_the_word_there_is_a_new_call() => Check(Run(Reschedule, CallFunction), 1, 1, [2, 4], 0);

    [Fact]
    public void W5_between_the_two_steps_of_the_handler_there_is_none() => Check(Run(Reschedule, CallFunction, rewrite: Slowly), 1, 0, [6], 0);

    [Fact]
    public void W6_without_a_message_the_handler_finds_nothing_to_do()
    {
        const string Raw = "li a0, 1\n li a1, 1\n li a2, 0\n li a3, 4\n hypercall 0x100";
        Check(Run("nop", Raw), 0, 1, [0], 0);
        Check(Run("nop", target: "work 20us\n li t0, 1\n csr.write t0, ESTAT"), 0, 0, [0], 0);
    }

    [Fact]
    public void W7_a_refused_call_leaves_the_word_stuck()
    {
        // The guest booted while the feature was on.
        static string Found(string text) => text.Replace("and  t1, t1, KVM_FEATURE_IPI", "li   t1, KVM_FEATURE_IPI", StringComparison.Ordinal);

        Check(Run(Reschedule, CallFunction, rewrite: Found, paravirt: Paravirtualization.None), 1, 0, [], 6);
    }

    [Fact]
    public void W8_an_id_that_nobody_has_leaves_the_word_stuck()
    {
        const string Map = "li t0, 9\n la.percpu t1, cpu_logical_map\n st.h t0, [t1 + 8]";
        using var run = Run($"{Map}\n {Reschedule}\n {Reschedule}\n li t1, 9\n la.percpu t0, pv_message, t1\n ld.w t1, [t0]\n mark stuck, t1");
        Assert.Equal((1ul, 2ul), (run.Vcpu(0).HypercallExits, run.Marks(0, "stuck").Single().Value));
        Assert.Equal(0, run.Vcpu(Target).Statistics.SoftwareFates.Raised);
    }

    [Theory]
    [InlineData(Paravirtualization.Final, 1, 0)]
    [InlineData(Paravirtualization.V6, 1, 0)]
    [InlineData(Paravirtualization.None, 0, 1)]
    public void A_kernel_chooses_by_what_the_machine_offers(Paravirtualization paravirt, int hypercalls, int sends)
    {
        using var run = Run(Reschedule, paravirt: paravirt, target: "ECFG_CLEAR ECFG_LIE_IPI");
        Assert.Equal((hypercalls, sends), ((int)run.Vcpu(0).HypercallExits, run.Exits(0, "ipi_write IPI_SEND").Count));
        // Signature, features; the hypervisor's bit is in an IOCSR register, which is user space's.
        Assert.Equal((2ul, 1), (run.Vcpu(0).ConfigurationExits, run.Exits(0, "iocsr_read MISC").Count));
        Assert.Equal(0ul, run.Vcpu(1).ConfigurationExits);
    }
}
