using Trapline.Actors.Kernel;
using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>Faults: their codes, what they save, where they enter, and who may do what.</summary>
public sealed class FaultTests
{
    /// <summary>A handler that keeps code, BADV and ERA in s0 to s2, counts in s3, and goes on behind the instruction.</summary>
    private const string SkippingHandler = """
        .align 4096
        handler:
            csr.read s0, ESTAT
            srl  s0, s0, 16
            csr.read s1, BADV
            csr.read s2, ERA
            csr.read s4, PRMD
            csr.read s5, CRMD
            add  s3, s3, 1
            add  t8, s2, 4
            csr.write t8, ERA
            ertn
        .macro HANDLER
            la   t0, handler
            csr.write t0, EENTRY
        .endm
        """;

    [Theory]
    [InlineData("ld.h t1, [a0 + 1]", 1)]
    [InlineData("ld.w t1, [a0 + 2]", 2)]
    [InlineData("ld.d t1, [a0 + 4]", 4)]
    [InlineData("st.d t1, [a0 + 1]", 1)]
    [InlineData("amadd.w t1, t2, [a0 + 2]", 2)]
    [InlineData("wait.d t1, [a0 + 4], t1", 4)]
    public void A_misaligned_access_is_ALE_and_BADV_has_its_address(string instruction, int offset)
    {
        using var run = GuestRun.Passing($"""
            .shared place, 16
            {SkippingHandler}
            start:
                HANDLER
                la   a0, place
                li   t1, 77
            .instruction:
                {instruction}
                assert.eq s0, 9, "ALE"
                add  t0, a0, {offset}
                assert.eq s1, t0, "BADV"
                la   t0, .instruction
                assert.eq s2, t0, "ERA"
                assert.eq s3, 1
                assert.eq t1, 77, "the destination stays"
                ld.d t0, [a0]
                assert.eq t0, 0
                exit
            """);
    }

    [Fact]
    public void Beyond_the_end_of_memory_is_ADEM_and_the_last_byte_is_memory()
    {
        using var run = GuestRun.Passing($"""
            {SkippingHandler}
            start:
                HANDLER
                li   a0, 0x8000000
                li   t1, 0x5a
                st.b t1, [a0 - 1]
                ld.bu t2, [a0 - 1]
                assert.eq t2, 0x5a
                assert.eq s3, 0
                ld.b t2, [a0]
                assert.eq s0, 8 | 1 << 6, "ADE, subcode ADEM"
                assert.eq s1, a0
                li   a0, -8
                st.d t2, [a0]
                assert.eq s3, 2
                assert.eq s1, -8
                exit
            """);
    }

    [Fact]
    public void Where_no_code_is_the_fault_is_INE_and_a_fetch_that_cannot_be_is_ADEF()
    {
        using var run = GuestRun.Passing("""
            .align 4096
            handler:
                csr.read s0, ESTAT
                srl  s0, s0, 16
                csr.read s2, ERA
                add  s3, s3, 1
                csr.write s6, ERA
                ertn
            .macro TRY address, code
                li   t1, \address
                la   s6, .back\@
                jr   t1
            .back\@:
                assert.eq s0, \code, "ESTAT.EsubCode and Ecode"
                assert.eq s2, \address
            .endm
            .const INE = 13
            .const ADEF = 8
            start:
                la   t0, handler
                csr.write t0, EENTRY
                TRY 0, INE
                TRY 0x40, INE
                TRY gap, INE
                TRY 0x1000000, INE
                TRY start + 2, ADEF
                TRY -4, ADEF
                assert.eq s3, 6
                exit
            gap:
            .org gap + 64
                nop
            """);
    }

    [Fact]
    public void System_call_and_breakpoint_have_their_codes()
    {
        using var run = GuestRun.Passing($"""
            {SkippingHandler}
            start:
                HANDLER
                li   t0, 4
                csr.write t0, CRMD
            .one:
                syscall 5
                assert.eq s0, 11, "SYS"
                assert.eq s4, 4, "PRMD: interrupts were on"
                assert.eq s5, 0, "CRMD: they are off in the handler"
                la   t0, .one
                assert.eq s2, t0
                csr.read t0, CRMD
                assert.eq t0, 4, "ertn puts them on again"
                break 0
                assert.eq s0, 12, "BRK"
                exit
            """);
    }

    /// <summary>The user level may compute, load, store, read time and configuration, and trap; all else is IPE.</summary>
    [Theory]
    [InlineData("csr.read t1, CRMD", 14)]
    [InlineData("csr.write t1, CRMD", 14)]
    [InlineData("csr.xchg t1, t2, CRMD", 14)]
    [InlineData("iocsr.read.w t1, [0x1000]", 14)]
    [InlineData("iocsr.write.w t1, [0x1000]", 14)]
    [InlineData("idle", 14)]
    [InlineData("ertn", 14)]
    [InlineData("syscall 0", 11)]
    [InlineData("break 0", 12)]
    [InlineData("time.read t1", 0)]
    [InlineData("cpucfg t1, zero", 0)]
    [InlineData("ld.d t1, [0x1000000]", 0)]
    [InlineData("st.d t1, [0x1000000]", 0)]
    [InlineData("work 5ns", 0)]
    public void The_user_level_may_not_touch_the_machine(string instruction, int code)
    {
        using var run = GuestRun.Passing($"""
            {SkippingHandler}
            start:
                HANDLER
                li   t0, 3
                csr.write t0, PRMD
                la   t0, user
                csr.write t0, ERA
                li   t2, -1
                ertn
            user:
                {instruction}
                assert.eq s0, {code}
                assert.eq s3, {(code == 0 ? 0 : 1)}
                syscall 0
                assert.eq s4, 3, "PRMD has the level that was left"
                and  s5, s5, 7
                assert.eq s5, 0, "the handler runs at level 0 with interrupts off"
                exit
            """);
    }

    /// <summary>Vector C2: VS = 3, HWI0 replaced by SWI0; the highest number wins.</summary>
    [Fact]
    public void C2_vectored_entry_goes_to_the_highest_pending_number()
    {
        using var run = GuestRun.Passing("""
            start:
                li   t0, 3 << 16 | 0x1fff
                csr.write t0, ECFG
                la   t0, vectors
                csr.write t0, EENTRY
                li   t0, 1
                iocsr.write.w t0, [0x1008]    # own IPI
                li   t0, 3
                csr.write t0, ESTAT           # SWI0, SWI1
                li   t0, 4
                csr.write t0, CRMD
            .after:
                assert.eq s0, 0x321, "IPI before SWI1 before SWI0"
                syscall 0
                assert.eq s1, 11
                exit
            .align 4096
            vectors:
            .org vectors + 11 * 32
                li   s1, 11
                csr.read t0, ERA
                add  t0, t0, 4
                csr.write t0, ERA
                ertn
            .org vectors + (64 + 0) * 32
                li   t1, 1
                li   t2, 1
                csr.xchg zero, t2, ESTAT
                b    note
            .org vectors + (64 + 1) * 32
                li   t1, 2
                li   t2, 2
                csr.xchg zero, t2, ESTAT
                b    note
            .org vectors + (64 + 12) * 32
                li   t1, 3
                li   t2, 1
                iocsr.write.w t2, [0x100c]
                b    note
            note:
                sll  s0, s0, 4
                or   s0, s0, t1
                ertn
            """);
    }

    [Fact]
    public void A_failed_assert_ends_the_run_and_says_where_and_with_what()
    {
        using var run = new GuestRun("""
            start:
                li   a0, 0x2a
                work 1us
                assert.ltu a0, 42, "the answer is too large"
                exit
            """).ToEnd();
        Assert.Equal(EndReason.Assertion, run.End?.Reason);
        // The order to run comes from the board, a path latency of 25 ns after time 0.
        Assert.Equal(25_000 + 1_000_500, run.End?.At.Picoseconds);
        Assert.Contains("test.guest:5", run.End!.Detail, StringComparison.Ordinal);
        Assert.Contains("the answer is too large", run.End.Detail, StringComparison.Ordinal);
        Assert.Contains("left 0x2a, right 0x2a", run.End.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eq", "1", "1", true)]
    [InlineData("eq", "1", "2", false)]
    [InlineData("ne", "1", "1", false)]
    [InlineData("ne", "1", "2", true)]
    [InlineData("lt", "-1", "0", true)]
    [InlineData("lt", "0", "0", false)]
    [InlineData("le", "0", "0", true)]
    [InlineData("le", "1", "0", false)]
    [InlineData("gt", "0", "-1", true)]
    [InlineData("gt", "0", "0", false)]
    [InlineData("ge", "0", "0", true)]
    [InlineData("ge", "-1", "0", false)]
    [InlineData("ltu", "0", "-1", true)]
    [InlineData("ltu", "-1", "0", false)]
    [InlineData("geu", "-1", "0", true)]
    [InlineData("geu", "0", "-1", false)]
    public void An_assert_holds_or_fails_by_its_comparison(string comparison, string left, string right, bool holds)
    {
        using var run = new GuestRun($"""
            start:
                li   a0, {left}
                assert.{comparison} a0, {right}
                exit
            """).ToEnd();
        Assert.Equal(holds ? EndReason.Exit : EndReason.Assertion, run.End?.Reason);
    }

    [Fact]
    public void The_exit_code_is_the_guests_and_the_run_goes_on_for_the_greatest_path_latency()
    {
        using var run = new GuestRun("""
            start:
                li   a0, 1 << 40
                cpu.index t0
                bnez t0, other
                work 1us
                exit a0
            other:
                work 20ns
                count turns
                b    other
            """, vcpus: 2).ToEnd();
        Assert.Equal((EndReason.Exit, 1UL << 40), (run.End!.Reason, run.End.Code));
        Assert.Equal(25_000 + 1_001_500, run.End.At.Picoseconds);
        Assert.Equal(25_000 + 1_026_500, run.Engine.StopAt.Picoseconds);
        // Each turn takes 21 ns, the first starts after three instructions.
        Assert.Equal((1_026_500 - 1_500 - 20_000 + 20_999) / 21_000, run.Counter(1, "turns"));
    }
}
