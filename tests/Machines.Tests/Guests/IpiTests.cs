using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>IPI units of several CPUs, through guests: who reaches whom, with what, and what is left of it.</summary>
public sealed class IpiTests
{
    /// <summary>CPU 0 acts, then CPU 1 looks, 100 us later; all others sleep.</summary>
    private static GuestRun Act(string actor, string observer, int vcpus = 2) => GuestRun.Passing($"""
        start:
            cpu.index t0
            beqz t0, actor
            li   t1, 1
            bne  t0, t1, sleep
            work 100us
            {observer}
            exit
        actor:
            {actor}
        sleep:
            idle
            b    sleep
        """, vcpus);

    [Fact]
    public void I2_a_send_sets_the_vector_at_the_target_alone()
    {
        using var run = Act("""
            li   t0, 0x80010003
            iocsr.write.w t0, [0x1040]
            iocsr.read.w t1, [0x1000]
            assert.eq t1, 0
            """, """
            iocsr.read.w t1, [0x1000]
            assert.eq t1, 8
            csr.read t1, ESTAT
            assert.eq t1, 1 << 12
            li   t1, 8
            iocsr.write.w t1, [0x100c]
            iocsr.read.w t1, [0x1000]
            assert.eq t1, 0
            csr.read t1, ESTAT
            assert.eq t1, 0
            """);
        Assert.Equal((1, 0, 1), (run.Ipi(1).Fates.Raised, run.Ipi(1).Fates.Coalesced, run.Ipi(1).Fates.Handled));
    }

    [Fact]
    public void A_send_to_oneself_is_there_when_the_instruction_ends()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                count taken
                li   t1, -1
                iocsr.write.w t1, [0x100c]
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 12
                csr.write t0, ECFG
                iocsr.write.w zero, [0x1040]
                csr.read t1, ESTAT
                assert.eq t1, 1 << 12
                li   t0, 4
                csr.write t0, CRMD
                li   t0, 0x20
                iocsr.write.w t0, [0x1008]
                li   t0, 3 << 32 | 0x1008
                iocsr.write.d t0, [0x1158]
                nop
                exit
            """);
        Assert.Equal(3, run.Counter(0, "taken"));
        Assert.Equal((3, 0, 3), (run.Ipi(0).Fates.Raised, run.Ipi(0).Fates.Coalesced, run.Ipi(0).Fates.Handled));
        Assert.Equal(0, run.Exits(0, "int").Count);
    }

    [Fact]
    public void I10_I11_mails_fill_the_targets_mailbox_and_raise_nothing()
    {
        using var run = Act("""
            li   t0, 0x1122334480010000
            iocsr.write.d t0, [0x1048]
            li   t0, 0x5566778880010004
            iocsr.write.d t0, [0x1048]
            li   t0, 0xAABBCCDD28010000
            iocsr.write.d t0, [0x1048]
            li   t0, 0x9900000080000008    # to itself
            iocsr.write.d t0, [0x1048]
            iocsr.read.w t0, [0x1028]
            assert.eq t0, 0x99000000 - 0x100000000
            """, """
            iocsr.read.d t1, [0x1020]
            assert.eq t1, 0x55667788aa22cc44
            csr.read t1, ESTAT
            assert.eq t1, 0
            """);
        // MAIL_SEND is no access on the target's bus: its counters are those of its own two accesses.
        Assert.Equal((1UL, 0UL), run.Ipi(1).Exits);
        Assert.Equal((1UL, 4UL), run.Ipi(0).Exits);
    }

    [Fact]
    public void I13_ANY_SEND_writes_a_register_of_another_cpu_and_counts_there()
    {
        using var run = Act("""
            li   t0, 0xFFFFFFFF00011004
            iocsr.write.d t0, [0x1158]
            iocsr.read.w t0, [0x1004]
            assert.eq t0, 0
            li   t0, 0x0000020068011004    # keep bytes 0, 2, 3: only byte 1 is new
            iocsr.write.d t0, [0x1158]
            """, """
            iocsr.read.w t1, [0x1004]
            assert.eq t1, 0xffff02ff - 0x100000000
            """);
        Assert.Equal((2UL, 2UL), run.Ipi(1).Exits);
    }

    [Fact]
    public void ANY_SEND_of_CLEAR_withdraws_what_is_pending_at_another_cpu()
    {
        using var run = Act("""
            li   t0, 0x00010003
            iocsr.write.w t0, [0x1040]
            work 20us
            li   t0, 8 << 32 | 1 << 16 | 0x100c
            iocsr.write.d t0, [0x1158]
            """, """
            csr.read t1, ESTAT
            assert.eq t1, 0
            iocsr.read.w t1, [0x1000]
            assert.eq t1, 0
            """);
        Assert.Equal(2, run.Exits(1, "int").Count);
        Assert.Equal(0, run.Ipi(1).Fates.Open);
    }

    /// <summary>The unit of CPU 1 is made to write its IPI_SEND, whose target is CPU 2: the caller carries it there.</summary>
    [Fact]
    public void ANY_SEND_to_a_SEND_register_is_carried_on_by_the_caller()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                li   t1, 2
                beqz t0, actor
                beq  t0, t1, target
                idle
            actor:
                li   t0, 0x00020005           # IPI_SEND: CPU 2, vector 5
                sll  t0, t0, 32
                li   t1, 0x00011040           # ANY_SEND: CPU 1, register IPI_SEND
                or   t0, t0, t1
                mark from
                iocsr.write.d t0, [0x1158]
                mark to
                idle
            target:
                work 50us
                iocsr.read.w t1, [0x1000]
                assert.eq t1, 32
                exit
            """, vcpus: 3);
        // The trap, and the kick of CPU 2, which ran.
        Assert.Equal(1_801_000 + 250_000 + 500, run.Between(0, "from", "to"));
        Assert.Equal((0UL, 1UL), run.Ipi(1).Exits);
        Assert.Equal((1UL, 0UL), run.Ipi(2).Exits);
        Assert.Equal(0, run.Ipi(1).Fates.Raised);
    }

    /// <summary>The payload has only 32 bits, so that a chain ends: ANY_SEND, ANY_SEND, then address and data 0.</summary>
    [Fact]
    public void A_chain_of_ANY_SEND_ends_by_itself()
    {
        using var run = Act("""
            li   t0, 0x0001115880011158
            iocsr.write.d t0, [0x1158]
            """, """
            iocsr.read.w t1, [0x1000]
            assert.eq t1, 0
            """);
        // Two nested writes at CPU 1; the third names CPU 0, address 0, which is in no unit.
        Assert.Equal((1UL, 2UL), run.Ipi(1).Exits);
        Assert.Equal((0UL, 1UL), run.Ipi(0).Exits);
    }

    [Fact]
    public void I9_sends_to_ids_that_nobody_has_do_nothing_and_are_counted()
    {
        using var run = Act("""
            li   t0, 5 << 16
            mark from
            iocsr.write.w t0, [0x1040]
            mark to
            li   t0, 1023 << 16
            iocsr.write.w t0, [0x1040]
            li   t0, 0x1100000080050000
            iocsr.write.d t0, [0x1048]
            li   t0, 0x1100000080051008
            iocsr.write.d t0, [0x1158]
            """, "nop");
        Assert.Equal(4UL, run.Ipi(0).SentToNobody);
        Assert.Equal(1_801_000 + 500, run.Between(0, "from", "to"));
        Assert.Equal(4, run.Exits(0, "ipi_write IPI_SEND").Count + run.Exits(0, "ipi_write MAIL_SEND").Count + run.Exits(0, "ipi_write ANY_SEND").Count);
    }

    [Theory]
    [InlineData(2, 1_000)]
    [InlineData(16, 30)]
    [InlineData(256, 1)]
    public void All_send_to_their_neighbours_at_the_same_instant_and_nobody_blocks(int vcpus, int rounds)
    {
        using var run = GuestRun.Passing($"""
            .shared finished, 8
            .align 4096
            handler:
                csr.write t0, SAVE0
                iocsr.read.w t0, [0x1000]
                iocsr.write.w t0, [0x100c]
                csr.read t0, SAVE0
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 1 << 12
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                cpu.index a0
                xor  a1, a0, 1                # pairs
                sll  a1, a1, 16
                li   s0, {rounds}
            .next:
                iocsr.write.w a1, [0x1040]
                work 3us
                sub  s0, s0, 1
                bnez s0, .next
                li   t1, 1
                amadd.d t1, t1, [finished]
                li   t2, vcpus - 1
                beq  t1, t2, .last
            .sleep:
                idle
                b    .sleep
            .last:
                work 20us
                exit
            """, vcpus);
        Assert.All(Enumerable.Range(0, vcpus), cpu =>
        {
            var fates = run.Ipi(cpu).Fates;
            Assert.Equal((rounds, 0), (fates.Raised, fates.Open));
        });
    }

    [Fact]
    public void Two_cpus_that_use_ANY_SEND_on_one_another_at_one_instant_both_come_back()
    {
        using var run = GuestRun.Passing("""
            .shared finished, 8
            start:
                cpu.index t0
                xor  t1, t0, 1
                sll  t1, t1, 16
                li   t2, 0x1008
                or   t1, t1, t2
                li   t2, 1 << 32
                or   t1, t1, t2
                li   s0, 50
            .next:
                iocsr.write.d t1, [0x1158]
                li   t3, 1
                iocsr.write.w t3, [0x100c]
                sub  s0, s0, 1
                bnez s0, .next
                work 20us
                li   t2, 1
                amadd.d t2, t2, [finished]
                bnez t2, .last
                idle
            .last:
                iocsr.read.w t1, [0x1000]
                exit
            """, vcpus: 2);
        Assert.Equal((50, 50), (run.Ipi(0).Fates.Raised, run.Ipi(1).Fates.Raised));
    }

    [Fact]
    public void The_identification_registers_are_user_spaces()
    {
        using var run = GuestRun.Passing("""
            start:
                iocsr.read.w t0, [0x0]
                assert.eq t0, 0x11
                iocsr.read.w t0, [0x8]
                assert.eq t0, 0x81c
                iocsr.read.d t0, [0x10]
                assert.eq t0, 0x6e6f73676e6f6f4c
                iocsr.read.w t0, [0x10]
                assert.eq t0, 0x6e6f6f4c
                iocsr.read.b t0, [0x10]       # QEMU takes four bytes or eight
                assert.eq t0, 0
                iocsr.read.d t0, [0x20]
                assert.eq t0, 0x303030354133
                iocsr.read.w t0, [0x115e]     # the end of it is outside the unit
                assert.eq t0, 0
                li   t0, -1
                iocsr.write.d t0, [0x8]
                iocsr.read.w t0, [0x8]
                assert.eq t0, 0x81c
                li   a0, 0x1fe001e0
                mmio.write.d t0, [a0]
                li   t1, 5
                mmio.read.d t1, [a0]
                assert.eq t1, 0
                mmio.read.bu t1, [a0]
                assert.eq t1, 0
                exit
            """);
        Assert.Equal((8, 1, 2, 1), (run.Exits(0, "iocsr_read user").Count, run.Exits(0, "iocsr_write user").Count,
            run.Exits(0, "mmio_read user").Count, run.Exits(0, "mmio_write user").Count));
        Assert.Equal((0UL, 0UL), run.Ipi(0).Exits);
    }
}
