using Trapline.Actors.LoongArch;
using Trapline.Actors.Vcpus;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Tests.Guests;
using Xunit;

namespace Trapline.Machines.Tests.Controllers;

/// <summary>EIOINTC in the machine, through guests; messages come from the guest's own writes to the doorbell.</summary>
public sealed class EiointcTests
{
    [Fact]
    public void S2_a_message_to_oneself_is_taken_and_served_with_four_reads_and_one_write()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                count taken
                iocsr.read.d t2, [0x1800]
                iocsr.read.d t3, [0x1808]
                iocsr.read.d t4, [0x1810]
                iocsr.read.d t5, [0x1818]
                assert.eq t2, 0
                assert.eq t3, 1 << 6
                assert.eq t4, 0
                assert.eq t5, 0
                iocsr.write.d t3, [0x1808]
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 0x3fc
                csr.write t0, ECFG
                li   t0, 2
                iocsr.write.b t0, [0x14c2]        # vectors 64 to 95 to HWI1
                li   t0, 1 << 6
                iocsr.write.d t0, [0x1608]
                li   t0, 4
                csr.write t0, CRMD
                li   t1, 0x2ff00000
                li   t0, 70
                mark from
                mmio.write.w t0, [t1]
                nop
                mark to
                csr.read t0, ESTAT
                and  t0, t0, 0x3ff
                assert.eq t0, 0
                exit
            """);
        Assert.Equal(1, run.Counter(0, "taken"));
        Assert.Equal((4UL, 3UL), run.OnBoard<EiointcActor>().ExitsOf(0));
        Assert.Equal(4, run.Exits(0, "eiointc_read COREISR").Count);
        Assert.Equal(1, run.Exits(0, "eiointc_write COREISR").Count);
        Assert.Equal(1, run.Exits(0, "mmio_write PCH_MSI").Count);
        var fates = run.OnBoard<EiointcActor>().Fates;
        Assert.Equal((1, 0, 1), (fates.Raised, fates.Coalesced, fates.Handled));
    }

    [Fact]
    public void S3_the_virtual_window_and_misaligned_accesses_are_not_counted_and_unknown_ones_are()
    {
        using var run = GuestRun.Passing("""
            start:
                li   a0, 0x40000000
                iocsr.read.w t0, [a0]
                assert.eq t0, 0xb
                iocsr.read.w t0, [0x1602]
                iocsr.read.w t0, [0x1700]
                assert.eq t0, 0
                exit
            """);
        Assert.Equal((1UL, 0UL), run.OnBoard<EiointcActor>().ExitsOf(0));
        Assert.Equal((1, 1, 1), (run.Exits(0, "eiointc_read VIRT_FEATURES").Count, run.Exits(0, "eiointc_read ENABLE").Count, run.Exits(0, "eiointc_read ISR").Count));
    }

    [Fact]
    public void I14_ANY_SEND_writes_one_byte_of_COREMAP()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                bnez t0, .sender
                li   t0, 0x04030101
                iocsr.write.w t0, [0x1c08]
                work 100us
                iocsr.read.w t0, [0x1c08]
                assert.eq t0, 0x04030201
                exit
            .sender:
                work 50us
                li   t0, 0x0000020068001C08
                iocsr.write.d t0, [0x1158]
                idle
            """, vcpus: 2);
        // The nested read and write count at the CPU that ANY_SEND names.
        Assert.Equal((2UL, 2UL), run.OnBoard<EiointcActor>().ExitsOf(0));
        Assert.Equal((0UL, 0UL), run.OnBoard<EiointcActor>().ExitsOf(1));
        Assert.Equal((0UL, 1UL), run.Ipi(1).Exits);
    }

    [Theory]
    [InlineData("kvm", 0)]
    [InlineData("qemu-11", 0)]
    [InlineData("qemu-7.2", 0x20)]
    public void I15_ANY_SEND_acknowledges_in_the_row_of_the_CPU_that_it_names(string profile, ulong left)
    {
        using var run = GuestRun.Passing($"""
            start:
                cpu.index t0
                bnez t0, .other
                li   t0, 0x20
                iocsr.write.w t0, [0x1600]
                li   t0, 0x200
                iocsr.write.w t0, [0x1c04]    # COREMAP[5]: CPU 1
                li   a0, 0x10000000
                li   t0, 5
                mmio.write.b t0, [a0 + 0x206] # pin 6, the RTC's, to vector 5
                li   t0, ~(1 << 6)
                mmio.write.w t0, [a0 + 0x20]
                li   a0, 0x100d0100
                li   t0, 0x2100
                mmio.write.w t0, [a0 + 0x40]  # the counter starts; its matches of 0 are in the past
                work 30us
                li   t0, 0x0000002000011800
                iocsr.write.d t0, [0x1158]
                idle
            .other:
                work 200us
                iocsr.read.w t0, [0x1800]
                assert.eq t0, {left}
                csr.read t0, ESTAT
                and  t0, t0, 0x3ff
                assert.eq t0, {(left == 0 ? 0 : 4)}
                exit
            """, vcpus: 2, profile: LoongArchProfiles.Find(profile));
        Assert.True(run.Exits(1, "int").Count > 0);
    }

    /// <summary>What no device of the kernel takes, and a CPU that does not exist.</summary>
    [Theory]
    [InlineData("kvm", 1_801_000, "ipi_write ANY_SEND")]
    [InlineData("kvm-6.18", 5_357_000, "iocsr_write user")]
    public void Rejected_ANY_SENDs_are_swallowed_or_end_in_user_space(string profile, long cost, string reason)
    {
        foreach (var value in new[] { "0x0000000100000420", "0x0000000100001c02", "0x0000000100001010", "0x0000000100051004" })
        {
            using var run = GuestRun.Passing($"""
                start:
                    li   t0, {value}
                    mark from
                    iocsr.write.d t0, [0x1158]
                    mark to
                    exit
                """, profile: LoongArchProfiles.Find(profile));
            Assert.Equal((value, cost + 500), (value, run.Between(0, "from", "to")));
            Assert.Equal((value, 1L), (value, run.Exits(0, reason).Count));
        }
    }

    [Theory]
    [InlineData("kvm", "eiointc_read ISR", "pch_pic_read (no register)", 1_801_000)]
    [InlineData("kvm-6.18", "iocsr_read user", "mmio_read user", 5_357_000)]
    public void Rejected_reads_give_0_here_or_in_user_space(string profile, string iocsr, string mmio, long cost)
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, -1
                li   a0, 0x10000000
                mark from
                iocsr.read.w t0, [0x1700]
                mark to
                assert.eq t0, 0
                li   t0, -1
                mmio.read.w t0, [a0 + 0x300]
                assert.eq t0, 0
                li   t0, -1
                mmio.read.wu t0, [a0 + 0x22]
                assert.eq t0, 0
                exit
            """, profile: LoongArchProfiles.Find(profile));
        Assert.Equal(cost + 500, run.Between(0, "from", "to"));
        Assert.Equal(1, run.Exits(0, iocsr).Count);
        Assert.True(run.Exits(0, mmio).Count >= 1);
    }

    [Fact]
    public void A_width_that_QEMU_does_not_take_faults_at_the_instruction_that_made_it()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                csr.read t0, ESTAT
                srl  t0, t0, 16
                and  t0, t0, 0x3f
                assert.eq t0, 8               # ADE
                csr.read t0, ESTAT
                srl  t0, t0, 22
                assert.eq t0, 1               # of a memory access
                csr.read t0, BADV
                assert.eq t0, 0x10000022
                csr.read t0, ERA
                assert.eq t0, a1
                add  t0, t0, 4
                csr.write t0, ERA
                count faults
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                la   a1, .access
                li   a0, 0x10000000
                li   a2, 77
            .access:
                mmio.read.w a2, [a0 + 0x22]
                assert.eq a2, 77
                exit
            """, profile: LoongArchProfiles.Qemu11);
        Assert.Equal(1, run.Counter(0, "faults"));
    }

    [Fact]
    public void MISC_FUNC_shows_and_switches_the_virtual_extension()
    {
        using var run = GuestRun.Passing("""
            start:
                li   a0, 0x40000000
                iocsr.read.d t0, [0x420]
                assert.eq t0, 0
                li   t0, 8
                iocsr.write.w t0, [a0 + 4]        # CPUs by number
                li   t0, 3 << 48                  # EXTIOI_EN; INT_ENCODE is not offered
                iocsr.write.d t0, [0x420]
                iocsr.read.w t0, [a0 + 4]
                assert.eq t0, 0xa
                iocsr.read.d t0, [0x420]
                assert.eq t0, 1 << 48
                li   t0, 4
                iocsr.write.w t0, [a0 + 4]        # enabled: only 0 is taken
                iocsr.read.w t0, [a0 + 4]
                assert.eq t0, 0xa
                exit
            """);
        Assert.Equal((2, 1), (run.Exits(0, "iocsr_read MISC").Count, run.Exits(0, "iocsr_write MISC").Count));
    }

    /// <summary>Defect F11: the upper half of the register is what it was.</summary>
    [Theory]
    [InlineData("kvm", 0, 0x80000000)]
    [InlineData("kvm-6.16", 0x1111111100000000, 0x80000000)]
    public void A_narrow_read_leaves_upper_bytes_stale_before_Linux_6_18(string profile, ulong upper, ulong lower)
    {
        using var run = GuestRun.Passing($"""
            start:
                li   t0, 0x80000000
                iocsr.write.w t0, [0x1600]
                li   t0, 0x1111111111111111
                iocsr.read.w t0, [0x1600]
                li   t1, {upper | lower}
                sext.w t2, t1
                li   t3, {upper}
                bnez t3, .stale
                move t1, t2
            .stale:
                assert.eq t0, t1
                exit
            """, profile: LoongArchProfiles.Find(profile));
    }

    [Fact]
    public void A_raise_behind_ENABLE_is_masked_and_comes_when_enabled()
    {
        const string Prologue = """
            .align 4096
            handler:
                count taken
                iocsr.read.d t2, [0x1808]
                iocsr.write.d t2, [0x1808]
                ertn
            start:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 0x3fc
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                li   t1, 0x2ff00000
                li   t0, 70
                mmio.write.w t0, [t1]
                mmio.write.w t0, [t1]
                work 20us
            """;
        using var masked = GuestRun.Passing(Prologue + "\nexit");
        var fates = masked.OnBoard<EiointcActor>().Fates;
        Assert.Equal((0L, 2L, 1L, 0L, 1), (masked.Counter(0, "taken"), fates.Raised, fates.Coalesced, fates.Handled, masked.OnBoard<EiointcActor>().Masked));

        using var enabled = GuestRun.Passing(Prologue + "\nli t0, -1\niocsr.write.d t0, [0x1608]\nnop\nexit");
        fates = enabled.OnBoard<EiointcActor>().Fates;
        Assert.Equal((1L, 2L, 1L, 1L, 0), (enabled.Counter(0, "taken"), fates.Raised, fates.Coalesced, fates.Handled, enabled.OnBoard<EiointcActor>().Masked));
        var path = Array.IndexOf([.. LatencyPaths.Names], "controller vcpu->vcpu");
        Assert.Equal(1, enabled.Vcpu(0).Statistics.Latencies[path]!.Count);
    }

    /// <summary>
    /// From the instruction at CPU 0 to the handler at CPU 1, which sleeps: half of the exit, the path to the board, half of
    /// the ioctl, the path to CPU 1, the kick, the wake-up. The writer pays C, J and K.
    /// </summary>
    [Fact]
    public void A_message_to_a_sleeping_CPU_costs_and_takes_what_its_parts_do()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                mark taken
                exit
            start:
                cpu.index t0
                bnez t0, .target
                li   t0, -1
                iocsr.write.d t0, [0x1608]
                li   t0, 2
                iocsr.write.b t0, [0x1c46]        # vector 70 to CPU 1
                li   t1, 0x2ff00000
                li   t0, 70
                mark from
                mmio.write.w t0, [t1]
                mark to
                idle
            .target:
                la   t0, handler
                csr.write t0, EENTRY
                li   t0, 0x3fc
                csr.write t0, ECFG
                li   t0, 4
                csr.write t0, CRMD
                idle
            """, vcpus: 2);
        const long Exit = 5_357_000 / 2;
        const long Injection = 300_000;
        const long Path = 25_000;
        const long Kick = 770_000;
        const long Wake = 5_000_000;
        const long Instruction = 500;
        Assert.Equal((5_357_000 + Injection + Kick + Instruction) / 1, run.Between(0, "from", "to"));
        var taken = (run.MarkAt(1, "taken") - run.MarkAt(0, "from")).Picoseconds;
        Assert.Equal(Instruction + Exit + Path + (Injection / 2) + Kick + Wake, taken - Instruction);
    }

    /// <summary>CPU 0 kicks CPU 2 with the lock held; CPU 1 comes 100 ns later and waits for the rest.</summary>
    [Fact]
    public void Who_finds_the_lock_taken_waits_and_pays_for_it()
    {
        using var run = GuestRun.Passing("""
            start:
                cpu.index t0
                li   t1, 1
                beqz t0, .holder
                beq  t0, t1, .waiter
                li   t0, 0x3fc
                csr.write t0, ECFG
                idle
                exit
            .holder:
                li   t0, 4
                iocsr.write.b t0, [0x1c46]        # vector 70 to CPU 2, which sleeps
                li   t1, 0x2ff00000
                li   t0, 70
                mmio.write.w t0, [t1]
                li   t0, -1
                time.read t1
            .until:
                time.read t1
                li   t2, 5000                     # 50 us
                bltu t1, t2, .until
                mark from
                iocsr.write.d t0, [0x1608]
                mark to
                idle
            .waiter:
                time.read t1
                li   t2, 5010
                bltu t1, t2, .waiter
                mark from
                iocsr.read.d t0, [0x1608]
                mark to
                assert.eq t0, -1
                idle
            """, vcpus: 3);
        Assert.Equal(1_801_000 + 770_000 + 500, run.Between(0, "from", "to"));
        var later = (run.MarkAt(1, "from") - run.MarkAt(0, "from")).Picoseconds;
        Assert.InRange(later, 90_000, 110_000);
        Assert.Equal(1_801_000 + 770_000 - later + 500, run.Between(1, "from", "to"));
    }
}
