using Xunit;
using static Trapline.Machines.Tests.Assembly.Assembling;

namespace Trapline.Machines.Tests.Assembly;

public sealed class ExpressionTests
{
    [Theory]
    [InlineData("10", 10)]
    [InlineData("1_000", 1000)]
    [InlineData("0x1F_ff", 0x1FFF)]
    [InlineData("0b1010", 10)]
    [InlineData("'a'", 97)]
    [InlineData("'#'", 35)]
    [InlineData("'\\''", 39)]
    [InlineData("'\\\\'", 92)]
    [InlineData("0xffff_ffff_ffff_ffff", -1)]
    [InlineData("18446744073709551615", -1)]
    public void Numbers_have_four_spellings(string text, long value) => Assert.Equal(value, Value(text));

    [Theory]
    [InlineData("5us", 5_000)]
    [InlineData("1.5us", 1_500)]
    [InlineData("2ns", 2)]
    [InlineData("3000ps", 3)]
    [InlineData("1ms", 1_000_000)]
    [InlineData("0.25s", 250_000_000)]
    [InlineData("5us + 1", 5_001)]
    public void A_duration_is_a_number_of_nanoseconds(string text, long value) => Assert.Equal(value, Value(text));

    [Theory]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 - 3 - 2", 5)]
    [InlineData("1 << 2 + 1", 8)]
    [InlineData("1 | 2 ^ 3 & 2", 1 | (2 ^ (3 & 2)))]
    [InlineData("1 == 1 & 1", 1)]
    [InlineData("3 & 1 == 1", 1)]
    [InlineData("-7 / 2", -3)]
    [InlineData("-7 % 2", -1)]
    [InlineData("-8 >> 1", -4)]
    [InlineData("~0", -1)]
    [InlineData("!5 + !0", 1)]
    [InlineData("- - 3", 3)]
    [InlineData("+3", 3)]
    [InlineData("1 < 2", 1)]
    [InlineData("2 <= 1", 0)]
    [InlineData("2 > 1", 1)]
    [InlineData("1 >= 2", 0)]
    [InlineData("1 != 2", 1)]
    [InlineData("2 && 3", 1)]
    [InlineData("2 && 0", 0)]
    [InlineData("0 || 3", 1)]
    [InlineData("0 || 0 && 1", 0)]
    public void Operators_have_the_precedence_and_meaning_of_c(string text, long value) => Assert.Equal(value, Value(text));

    [Theory]
    [InlineData("0x7fff_ffff_ffff_ffff + 1", long.MinValue)]
    [InlineData("-0x8000_0000_0000_0000", long.MinValue)]
    [InlineData("0x8000_0000_0000_0000 / -1", long.MinValue)]
    [InlineData("0x8000_0000_0000_0000 % -1", 0)]
    [InlineData("0x4000_0000_0000_0000 * 4", 0)]
    public void Arithmetic_wraps_in_64_bits(string text, long value) => Assert.Equal(value, Value(text));

    [Theory]
    [InlineData("0 && 1 / 0", 0)]
    [InlineData("1 || 1 / 0", 1)]
    public void The_right_side_of_a_decided_condition_is_left_alone(string text, long value) => Assert.Equal(value, Value(text));

    [Fact]
    public void The_number_of_vcpus_is_a_constant() => Assert.Equal(4, Value("vcpus"));

    [Fact]
    public void Labels_may_be_used_before_and_after_their_definition() =>
        Assert.Equal(4, Value("end - start", "b end\nend:"));

    [Theory]
    [InlineData("li a0, 1 / 0", 10, "division by zero")]
    [InlineData("li a0, 1 % (1 - 1)", 10, "division by zero")]
    [InlineData("li a0, 1 << 64", 10, "the shift amount 64 is not between 0 and 63")]
    [InlineData("li a0, 1 +", 11, "expected a number, a name or '(', found the end of the line")]
    [InlineData("li a0, (1 + 2", 14, "expected ')' to close the parenthesis, found the end of the line")]
    [InlineData("li a0, 0x", 8, "expected digits to base 16 after '0x'")]
    [InlineData("li a0, 0b12", 11, "'2' is no digit of a number to base 2")]
    [InlineData("li a0, 18446744073709551616", 8, "the number does not fit in 64 bits")]
    [InlineData("li a0, 5xs", 9, "unknown unit 'xs'; durations end in one of ps, ns, us, ms, s")]
    [InlineData("li a0, 1.5", 8, "a number with a fraction must be a duration; its unit is one of ps, ns, us, ms, s")]
    [InlineData("li a0, 1.5ns", 8, "1.5ns is no whole number of nanoseconds")]
    [InlineData("li a0, 999999999999999999s", 8, "the duration does not fit in 64 bits of nanoseconds")]
    [InlineData("li a0, 'ab'", 8, "expected one character and a closing quote, like 'c', '\\'' or '\\\\'")]
    [InlineData("li a0, a1 + 1", 11, "expected the end of the line after the operands, which commas separate, found '+'")]
    [InlineData("li a0, 1 + a1", 12, "the register 'a1' cannot be part of an expression: those are computed while assembling; an address is [register + expression]")]
    [InlineData("li a0, vcpsu", 8, "'vcpsu' is not defined; did you mean 'vcpus'?")]
    [InlineData("li a0, 1 @ 2", 10, "unexpected character '@'")]
    [InlineData("li $a0, 1", 4, "'$' has no place here; registers are written without it: a0, t0, sp")]
    [InlineData("work -5", 6, "-5 ns is no time that work can take (0 to 9223372 s)")]
    public void A_wrong_expression_is_reported_at_its_place(string statement, int column, string message) =>
        Assert.Equal([$"main.guest:1:{column}: error: {message}"], Errors(statement));

    [Fact]
    public void Deep_and_long_expressions_are_refused()
    {
        Assert.Contains("nested more than 64 deep", Errors("li a0, " + new string('(', 2000))[0], StringComparison.Ordinal);
        Assert.Contains("nested more than 64 deep", Errors("li a0, " + new string('-', 2000) + "1")[0], StringComparison.Ordinal);
        Assert.Contains("more than 256 terms", Errors("li a0, 1" + string.Concat(Enumerable.Repeat("+1", 300)))[0], StringComparison.Ordinal);
    }
}
