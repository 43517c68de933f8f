using Trapline.Machines.Results;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Yaml;
using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

public sealed class ExpectationTests
{
    private static readonly Dictionary<string, long> Constants = new() { ["vcpus"] = 256, ["rounds"] = 1000, ["huge"] = long.MaxValue };

    private static readonly Dictionary<string, string> Words = new() { ["scheme"] = "pv", ["irqchip"] = "user" };

    private static readonly ExpectationNames Names = new(["rounds", "huge"], new Dictionary<string, IReadOnlyList<string>> { ["scheme"] = ["native", "pv"] });

    private static readonly VariantReport Report = new()
    {
        Name = "v",
        Parameters = new Dictionary<string, string>(),
        Digest = "",
        VirtualNs = 1_234_567.5m,
        WallSeconds = 0,
        Messages = 0,
        Windows = 0,
        EndReason = "exit",
        EndDetail = "",
        Exits = [new("ipi_write IPI_SEND", 255_000, 0.5, 0.5, 1, 1, 1), new("ipi_read IPI_STATUS", 10, 0.5, 0.5, 1, 1, 1)],
        Latencies = [new("ipi vcpu->vcpu", 42, 100.5m, 200m, 300m, 400.25m)],
        Interrupts = new(11, 5, 3, 2, 1, 0),
        Vcpus = [],
        Counters = new Dictionary<string, long> { ["handled"] = 99 },
        Marks = [],
        Sections = [],
        Expectations = [],
        Violations = [],
        Faults = [],
        ExitCode = 0,
        Lost = [],
        SentToNobody = 0,
        SeedDecided = false,
    };

    [Theory]
    [InlineData("exits(\"ipi_write IPI_SEND\") == (vcpus - 1) * rounds", true, "255000 == 255000")]
    [InlineData("exits(\"ipi_write IPI_SEND\") == vcpus * rounds", false, "255000 == 256000")]
    [InlineData("exits() == 255010", true, "255010 == 255010")]
    [InlineData("exits(\"none\") == 0", true, "0 == 0")]
    [InlineData("counter(\"handled\") > 98", true, "99 > 98")]
    [InlineData("interrupts(\"raised\") == interrupts(\"handled\") + interrupts(\"coalesced\") + interrupts(\"masked\") + interrupts(\"pending\")", true, "11 == 11")]
    [InlineData("interrupts(\"handled\") * 10000 + interrupts(\"coalesced\") * 1000 + interrupts(\"masked\") * 100 + interrupts(\"pending\") * 10 == 53210", true, "53210 == 53210")]
    [InlineData("latency(\"ipi vcpu->vcpu\", \"p50\") == 100.5", true, "100.5 == 100.5")]
    [InlineData("latency(\"ipi vcpu->vcpu\", \"p90\") + latency(\"ipi vcpu->vcpu\", \"p99\") == 500", true, "500 == 500")]
    [InlineData("latency(\"ipi vcpu->vcpu\", \"max\") < 400.25", false, "400.25 < 400.25")]
    [InlineData("latency(\"ipi vcpu->vcpu\", \"count\") == 42", true, "42 == 42")]
    [InlineData("latency(\"other\", \"count\") == 0", true, "0 == 0")]
    [InlineData("virtualNs >= 1234567.5", true, "1234567.5 >= 1234567.5")]
    [InlineData("endReason == \"exit\"", true, "'exit' == 'exit'")]
    [InlineData("endReason != \"until\"", true, "'exit' != 'until'")]
    [InlineData("scheme == \"pv\"", true, "'pv' == 'pv'")]
    [InlineData("scheme != \"native\" and irqchip == \"user\"", true, "'pv' != 'native' and 'user' == 'user'")]
    [InlineData("2 + 3 * 4 == 14", true, "14 == 14")]
    [InlineData("(2 + 3) * 4 == 20", true, "20 == 20")]
    [InlineData("10 - 3 - 2 == 5", true, "5 == 5")]
    [InlineData("7 / 2 == 3.5", true, "3.5 == 3.5")]
    [InlineData("huge / 2 * 4 > huge", true, "18446744073709551614 > 9223372036854775807")]
    [InlineData("17 % 5 == 2", true, "2 == 2")]
    [InlineData("-3 < - -3", true, "-3 < 3")]
    [InlineData("1 <= 1 and 2 != 3", true, "1 <= 1 and 2 != 3")]
    [InlineData("1 == 1 and 2 == 3", false, "2 == 3")]
    [InlineData("1 == 2 or 2 == 2", true, "2 == 2")]
    [InlineData("1 == 2 or 2 == 3", false, "1 == 2 or 2 == 3")]
    [InlineData("1 == 1 or 1 == 1 and 1 == 2", true, "1 == 1")]
    [InlineData("(1 == 1 or 1 == 1) and 1 == 2", false, "1 == 2")]
    [InlineData("1 == 2 and huge * huge == 0", false, "1 == 2")]
    [InlineData("huge + 1 > 0", false, "cannot be evaluated: an integer left the range of 64 bits")]
    [InlineData("huge * huge > 0", false, "cannot be evaluated: a number left the range that can be computed with")]
    [InlineData("1 / (vcpus - 256) == 0", false, "cannot be evaluated: division by zero")]
    [InlineData("1 % (vcpus - 256) == 0", false, "cannot be evaluated: division by zero")]
    [InlineData("counter(\"handeld\") == 0", false, "cannot be evaluated: there is no counter 'handeld'; did you mean 'handled'?")]
    [InlineData("latency(\"ipi vcpu\", \"p50\") > 0", false, "cannot be evaluated: there is no latency of 'ipi vcpu'")]
    public void An_expression_is_asked_of_a_report(string text, bool holds, string actual)
        => Assert.Equal(new ExpectationRow(text, holds, actual), Parse(text).For(Constants, Words).Evaluate(Report));

    [Theory]
    [InlineData("", 1, "expected a number, a name, a text or '(', found the end")]
    [InlineData("vcpus", 1, "this is a value, nothing that holds or not; compare it: == != < <= > >=")]
    [InlineData("vcpus = 1", 7, "'=' does not belong in an expression; equality is ==")]
    [InlineData("vcpus == 1 && rounds == 2", 12, "'&' does not belong in an expression; write and")]
    [InlineData("(vcpus == 1", 12, "expected ')', found the end")]
    [InlineData("1 < 2 < 3", 7, "'<' cannot stand here; join two comparisons with and")]
    [InlineData("1 == 2 3", 8, "'3' cannot stand here; expected an operator or the end")]
    [InlineData("vcpu == 1", 1, "unknown name 'vcpu'; did you mean 'vcpus'?")]
    [InlineData("exits == 1", 1, "unknown name 'exits'; it is a function: exits(...)")]
    [InlineData("exit() == 1", 1, "unknown function 'exit'; there are exits() or exits(\"reason\"), counter(\"name\")")]
    [InlineData("counter() == 1", 1, "counter has other arguments: counter(\"name\")")]
    [InlineData("exits(vcpus) == 1", 7, "expected a text in double quotes, found 'vcpus'")]
    [InlineData("exits(\"a) == 1", 7, "the text that starts here has no closing \"")]
    [InlineData("interrupts(\"lost\") == 0", 12, "'lost' is not one of raised, handled, coalesced, masked, pending")]
    [InlineData("latency(\"a\", \"p95\") == 0", 14, "'p95' is not one of p50, p90, p99, max, count; did you mean 'p90'?")]
    [InlineData("endReason == 1", 11, "'==' compares two numbers or two texts")]
    [InlineData("endReason < \"x\"", 11, "'<' compares numbers; texts only with == and !=")]
    [InlineData("scheme == \"pw\"", 11, "'pw' is not one of native, pv; did you mean 'pv'?")]
    [InlineData("\"usr\" != irqchip", 1, "'usr' is not one of kernel, user; did you mean 'user'?")]
    [InlineData("scheme == 1", 8, "'==' compares two numbers or two texts")]
    [InlineData("schem == \"pv\"", 1, "unknown name 'schem'; did you mean 'scheme'?")]
    [InlineData("1 + (2 == 2) == 3", 5, "'+' computes with numbers; this is a comparison")]
    [InlineData("1 and 2 == 2", 1, "'and' joins comparisons; this is a number")]
    [InlineData("9223372036854775808 > 0", 1, "'9223372036854775808' is not a number that fits 64 bits")]
    [InlineData("vcpus < 10us", 9, "'10us' is not a number that fits 64 bits; times are plain nanoseconds, without a unit")]
    [InlineData("vcpus == \ud83d\ude00", 10, "'\ud83d\ude00' does not belong in an expression")]
    public void A_wrong_expression_is_an_error_at_its_place(string text, int column, string expected)
    {
        var errors = new ErrorList("f");

        Assert.Null(Expectation.Parse(new(new(3, 1), text, Plain: true, TextColumn: 1), Names, errors));

        var error = Assert.Single(errors.InOrder());
        Assert.Equal(new TextPosition(3, column), error.Position);
        Assert.StartsWith(expected, error.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", 900)]
    [InlineData("-", 900)]
    [InlineData("1==2 or ", 120)]
    [InlineData("1+", 450)]
    [InlineData("x", 100_000)]
    public void Long_and_deep_expressions_end_quickly(string part, int times)
    {
        var text = string.Concat(Enumerable.Repeat(part, times)) + "1==1";
        HostileInputTests.AssertEndsQuickly(() =>
        {
            var errors = new ErrorList("f");
            var parsed = Expectation.Parse(new(new(1, 1), text, Plain: true, TextColumn: 1), new([]), errors);
            Assert.Equal(parsed is null, errors.Any);
            parsed?.For(Constants, Words).Evaluate(Report);
        });
    }

    [Fact]
    public void Nesting_is_limited_to_32_levels()
    {
        var errors = new ErrorList("f");

        Assert.NotNull(Parse(new string('(', 32) + "1" + new string(')', 32) + " == 1"));
        Assert.Null(Expectation.Parse(new(new(1, 1), new string('(', 33) + "1", Plain: true, TextColumn: 1), new([]), errors));

        Assert.Equal("f:1:33: error: nested deeper than 32 levels; split the expression", Assert.Single(errors.InOrder()).ToString());
    }

    [Fact]
    public void Random_words_of_expressions_never_throw()
    {
        string[] words = ["1", "vcpus", "rounds", "==", "<", "+", "-", "*", "/", "%", "(", ")", "and", "or", "exits", "(\"a\")", "\"", "endReason", "latency(\"a\",\"p50\")", ".", "9223372036854775807", "1.5", ","];
        var random = new Random(4);
        var evaluated = 0;
        for (var run = 0; run < 50_000; run++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(1, 9)).Select(_ => words[random.Next(words.Length)]));
            var errors = new ErrorList("f");
            var parsed = Expectation.Parse(new(new(1, 1), text, Plain: true, TextColumn: 1), Names, errors);
            Assert.Equal(parsed is null, errors.Any);
            evaluated += parsed?.For(Constants, Words).Evaluate(Report) is null ? 0 : 1;
        }

        Assert.InRange(evaluated, 20, 49_900);
    }

    private static Expectation Parse(string text)
    {
        var errors = new ErrorList("f");
        var expectation = Expectation.Parse(new(new(1, 1), text, Plain: true, TextColumn: 1), Names, errors);
        Assert.Empty(errors.InOrder());
        return Assert.IsType<Expectation>(expectation);
    }
}
