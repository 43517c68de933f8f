using Xunit;

namespace Trapline.Machines.Tests.Guests;

/// <summary>What each arithmetic instruction computes; the results were worked out by hand.</summary>
public sealed class ArithmeticTests
{
    private const string Least = "0x8000000000000000";
    private const string Greatest = "0x7fffffffffffffff";

    [Theory]
    [InlineData("add", "-1", "1", "0")]
    [InlineData("add", Greatest, "1", Least)]
    [InlineData("sub", "0", "1", "-1")]
    [InlineData("sub", Least, "1", Greatest)]
    [InlineData("mul", "0x100000001", "0x100000001", "0x200000001")]
    [InlineData("mul", "-3", "7", "-21")]
    [InlineData("mulhu", "-1", "-1", "-2")]
    [InlineData("mulhu", Least, "4", "2")]
    [InlineData("div", "7", "-2", "-3")]
    [InlineData("div", "-7", "2", "-3")]
    [InlineData("div", "7", "0", "0")]
    [InlineData("div", Least, "-1", Least)]
    [InlineData("divu", "-1", "2", Greatest)]
    [InlineData("divu", "7", "0", "0")]
    [InlineData("rem", "7", "-2", "1")]
    [InlineData("rem", "-7", "2", "-1")]
    [InlineData("rem", "-7", "0", "-7")]
    [InlineData("rem", Least, "-1", "0")]
    [InlineData("remu", "-1", "10", "5")]
    [InlineData("remu", "-1", "0", "-1")]
    [InlineData("and", "0b1100", "0b1010", "0b1000")]
    [InlineData("or", "0b1100", "0b1010", "0b1110")]
    [InlineData("xor", "0b1100", "0b1010", "0b0110")]
    [InlineData("nor", "0b1100", "0b1010", "-15")]
    [InlineData("andn", "0b1100", "0b1010", "0b0100")]
    [InlineData("sll", "1", "63", Least)]
    [InlineData("sll", "1", "64", "1")]
    [InlineData("sll", "1", "-1", Least)]
    [InlineData("srl", "-1", "63", "1")]
    [InlineData("srl", "-1", "128", "-1")]
    [InlineData("sra", Least, "63", "-1")]
    [InlineData("sra", "-8", "65", "-4")]
    [InlineData("rotr", "1", "1", Least)]
    [InlineData("rotr", "0x10", "68", "1")]
    [InlineData("slt", "-1", "0", "1")]
    [InlineData("slt", "0", "0", "0")]
    [InlineData("slt", Greatest, Least, "0")]
    [InlineData("sltu", "-1", "0", "0")]
    [InlineData("sltu", Greatest, Least, "1")]
    public void Two_operands_give_the_result_of_the_manual(string operation, string left, string right, string result)
    {
        using var run = GuestRun.Passing($"""
            start:
                li   a0, {left}
                li   a1, {right}
                {operation} a2, a0, a1
                assert.eq a2, {result}, "registers"
                {operation} a2, a0, {right}
                assert.eq a2, {result}, "number"
                move a3, a0
                {operation} a3, a3, a1
                assert.eq a3, {result}, "destination is the left source"
                move a3, a1
                {operation} a3, a0, a3
                assert.eq a3, {result}, "destination is the right source"
                {operation} zero, a0, a1
                assert.eq zero, 0, "r0 swallows"
                assert.eq a0, {left}
                assert.eq a1, {right}
                exit
            """);
    }

    [Theory]
    [InlineData("sext.b", "0x180", "-128")]
    [InlineData("sext.b", "0x17f", "127")]
    [InlineData("sext.h", "0x18000", "-32768")]
    [InlineData("sext.w", "0x180000000", "-0x80000000")]
    [InlineData("zext.b", "-1", "0xff")]
    [InlineData("zext.h", "-1", "0xffff")]
    [InlineData("zext.w", "-1", "0xffffffff")]
    [InlineData("ctz", "0", "64")]
    [InlineData("ctz", "8", "3")]
    [InlineData("clz", "0", "64")]
    [InlineData("clz", "1", "63")]
    [InlineData("popcnt", "-1", "64")]
    [InlineData("popcnt", "0x101", "2")]
    [InlineData("move", "-5", "-5")]
    [InlineData("not", "0", "-1")]
    [InlineData("neg", "5", "-5")]
    public void One_operand_gives_the_result_of_the_manual(string operation, string operand, string result)
    {
        using var run = GuestRun.Passing($"""
            start:
                li   a0, {operand}
                {operation} a1, a0
                assert.eq a1, {result}
                exit
            """);
    }

    /// <summary>Every branch, with the condition true, false and equal.</summary>
    [Theory]
    [InlineData("beq", 0, 1, 0)]
    [InlineData("bne", 1, 0, 1)]
    [InlineData("blt", 1, 0, 0)]
    [InlineData("bge", 0, 1, 1)]
    [InlineData("bgt", 0, 0, 1)]
    [InlineData("ble", 1, 1, 0)]
    [InlineData("bltu", 0, 0, 1)]
    [InlineData("bgeu", 1, 1, 0)]
    [InlineData("bgtu", 1, 0, 0)]
    [InlineData("bleu", 0, 1, 1)]
    public void A_branch_goes_where_its_condition_says(string branch, int lessSigned, int equal, int greaterSigned)
    {
        using var run = GuestRun.Passing($"""
            .macro TRY left, right, expected
                li   a0, \left
                li   a1, \right
                li   a2, 1
                {branch} a0, a1, .taken\@
                li   a2, 0
            .taken\@:
                assert.eq a2, \expected
            .endm
            start:
                TRY -1, 1, {lessSigned}
                TRY 5, 5, {equal}
                TRY 1, -1, {greaterSigned}
                exit
            """);
    }

    [Fact]
    public void Calls_save_the_next_address_and_jumps_go_to_registers()
    {
        using var run = GuestRun.Passing("""
            start:
                call routine
            .back:
                la   t0, .back
                assert.eq a0, t0, "ra of a call"
                la   t1, other
                call t1
                assert.eq a1, 7, "a call by register came back"
                la   t1, last
                jr   t1
                assert.eq a0, 0, "not reached"
            routine:
                move a0, ra
                ret
            other:
                li   a1, 7
                ret
            last:
                li   a2, 0
                bnez a2, start
                beqz a2, .end
                assert.eq a0, 0, "not reached"
            .end:
                exit
            """);
    }

    [Fact]
    public void A_vcpu_knows_its_place_and_starts_with_its_stack_alone()
    {
        using var run = GuestRun.Passing("""
            .percpu here, 8
            .shared done, 8
            start:
                assert.eq a0, 0
                assert.eq ra, 0
                cpu.index t0
                cpu.physical t1
                assert.eq t0, t1
                csr.read t1, CPUID
                assert.eq t0, t1
                cpu.count t1
                assert.eq t1, 3
                la.percpu t2, percpu_size
                assert.eq sp, t2
                la.percpu t2, here
                la.percpu t3, here, t0
                assert.eq t2, t3
                li   t4, 1
                amadd.d t5, t4, [done]
                li   t4, 2
                beq  t5, t4, .last
                idle
            .last:
                exit
            """, vcpus: 3);
    }
}
