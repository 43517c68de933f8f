using Trapline.Machines.Boards;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Paravirt;

/// <summary>When the host writes a steal-time record, seen by its guest; and what V6 shows to whom.</summary>
public sealed class PvStealTimeTests
{
    private const string Notify = """
            li   a0, 2
            li   a1, 4
            or   a2, s0, 1
            hypercall 0x100
        """;

    [Fact]
    public void The_record_is_written_when_it_is_given_after_sleep_and_after_exits_to_user_space()
    {
        using var run = GuestRun.Passing($"""
            .percpu record, 64, 64
            start:
                la.percpu s0, record
                {Notify}
                assert.eq a0, 0
                ld.wu t0, [s0 + 8]
                assert.eq t0, 2
                iocsr.read.w t1, [0x1000]     # served by the kernel: the thread keeps its CPU
                ld.wu t0, [s0 + 8]
                assert.eq t0, 2
                iocsr.read.w t1, [0x8]        # by user space
                ld.wu t0, [s0 + 8]
                assert.eq t0, 4
                li   t0, 1 << 11
                csr.write t0, ECFG
                li   t0, 1600 | 1
                csr.write t0, TCFG
                idle
                ld.wu t0, [s0 + 8]
                assert.eq t0, 6
                ld.d t0, [s0]                 # nobody took the CPU away
                assert.eq t0, 0
                li   s0, -1
                {Notify}
                assert.eq a0, -2
                move s0, zero
                li   a0, 2
                li   a1, 4
                li   a2, 0
                hypercall 0x100
                assert.eq a0, 0
                iocsr.read.w t1, [0x8]
                la.percpu s0, record
                ld.wu t0, [s0 + 8]
                assert.eq t0, 6
                exit
            """);
        Assert.Equal(3ul, run.Vcpu(0).HypercallExits);
    }

    [Fact]
    public void Who_waits_for_the_version_is_told()
    {
        using var run = GuestRun.Passing($"""
            .percpu record, 64, 64
            start:
                cpu.index t0
                bnez t0, .other
                work 20us
                la.percpu s0, record
                {Notify}
                work 20us
                exit 1
            .other:
                li   t1, 0
                la.percpu t0, record, t1
                wait.w t1, [t0 + 8], zero
                assert.eq t1, 2
                exit
            """, vcpus: 2);
        Assert.NotNull(run.End);
    }

    [Fact]
    public void A_record_in_memory_of_another_is_to_the_host_a_bad_address()
    {
        using var run = GuestRun.Passing($"""
            .shared record, 64, 64
            start:
                la   s0, record
                {Notify}
                assert.eq a0, 0
                iocsr.read.w t1, [0x8]
                ld.wu t0, [s0 + 8]
                assert.eq t0, 0
                exit
            """);
        Assert.NotNull(run.End);
    }

    [Theory]
    [InlineData(Paravirtualization.V6, 0, 0)]
    [InlineData(Paravirtualization.Final, 0x004d564b, 0x0100000e)]
    [InlineData(Paravirtualization.None, 0x004d564b, 0x0100000c)]
    public void What_a_user_program_sees(Paravirtualization paravirt, long signature, long features)
    {
        using var run = new GuestRun($"""
            .align 4096
            handler:
                exit
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 3
                csr.write t0, CRMD
                li   t0, 0x40000000
                cpucfg t1, t0
                assert.eq t1, {signature}
                li   t0, 0x40000004
                cpucfg t1, t0
                assert.eq t1, {features}
                syscall 0
            """, paravirt: paravirt).ToEnd();
        Assert.True(run.End is { Reason: Trapline.Actors.Kernel.EndReason.Exit, Code: 0 }, run.End?.Detail);
        Assert.Equal(2ul, run.Vcpu(0).ConfigurationExits);
    }

    [Fact]
    public void V6_knows_no_notify()
    {
        using var run = new GuestRun($"""
            start:
                li   s0, 0x5000000
                {Notify}
                assert.eq a0, -1
                exit
            """, paravirt: Paravirtualization.V6).ToEnd();
        Assert.True(run.End is { Code: 0 }, run.End?.Detail);
    }
}
