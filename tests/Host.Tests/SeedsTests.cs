using System.Text.Json;
using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class SeedsTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _scenario;

    public SeedsTests() => _scenario = CommandLine.Scenario(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_seed_is_run_once_and_the_summary_has_least_median_and_greatest()
    {
        var (code, line) = Run(seed => Good(seed) with { VirtualNs = seed * 1_000m }, "--seeds", "1..4");

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("seeds 1..4, 4 of 4 done, 0 failed", line.Output, StringComparison.Ordinal);
        Assert.Contains("4 runs, 4 different digests, 0 failed", line.Output, StringComparison.Ordinal);
        Assert.Matches(@"virtual time +4 +1\.00us +2\.00us +4\.00us", line.Output);
        Assert.Matches(@"mark finished +4 +1234\.00us", line.Output);
        Assert.Matches(@"p50 ipi vcpu->vcpu +4 +6\.67us", line.Output);
    }

    [Fact]
    public void The_first_failure_ends_it_with_the_command_that_repeats_it()
    {
        var (code, line) = Run(seed => seed == 3 ? Bad(seed) : Good(seed), "--seeds", "1..9", "--until", "1.5ms");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("seeds 1..9, 3 of 9 done, 1 failed", line.Output, StringComparison.Ordinal);
        Assert.Contains($"seed 3, ipi-multicast: 1 == 2\n  found no\n  trapline run {_scenario} --seed 3 --until 1.5ms\n", line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_goes_on_if_it_is_told_to()
    {
        var (code, line) = Run(seed => seed % 2 == 0 ? Bad(seed) : Good(seed), "--seeds", "1..6", "--keep-going");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("6 of 6 done, 3 failed", line.Output, StringComparison.Ordinal);
        Assert.Contains("Other seeds that failed: 4, 6\n", line.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("assertion")]
    [InlineData("violation")]
    [InlineData("exit code")]
    [InlineData("limit")]
    public void Whatever_goes_wrong_is_a_failure(string what)
    {
        var (code, line) = Run(
            seed => what switch
            {
                "assertion" => Good(seed) with { EndReason = "assertion", EndDetail = "vcpu1 slept" },
                "violation" => Good(seed) with { Violations = [new ViolationRow("asleep", 1, "vcpu1", "vcpu1 slept", [], null)] },
                "exit code" => Good(seed) with { ExitCode = -3, EndDetail = "vcpu1 slept" },
                _ => throw new RunException(RunFailure.Simulation, "vcpu1 slept"),
            },
            "--seeds", "1..2");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("seed 1", line.Output, StringComparison.Ordinal);
        Assert.Contains("vcpu1 slept\n", line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_keeps_the_seeds_that_are_done()
    {
        var (code, line) = Run(seed => Good(seed) with { EndReason = seed == 3 ? "interrupted" : "exit" }, "--seeds", "1..9");

        Assert.Equal(ExitCodes.Interrupted, code);
        Assert.Contains("2 of 9 done", line.Output, StringComparison.Ordinal);
        Assert.Contains("trapline: interrupted: 2 of 9 seeds are done\n", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_object_with_a_row_for_each_seed()
    {
        var (_, line) = Run(seed => seed == 2 ? Bad(seed) : Good(seed), "--seeds", "1..9", "--json");
        using var document = JsonDocument.Parse(line.Output);
        var seeds = document.RootElement.GetProperty("seeds");

        Assert.Equal("failed", document.RootElement.GetProperty("endReason").GetString());
        Assert.Equal(2, seeds.GetArrayLength());
        Assert.Equal(2UL, seeds[1].GetProperty("seed").GetUInt64());
        Assert.NotEqual(seeds[0].GetProperty("digest").GetString(), seeds[1].GetProperty("digest").GetString());
        Assert.Equal("exit", seeds[1].GetProperty("endReason").GetString());
        Assert.Equal($"trapline run {_scenario} --seed 2", seeds[1].GetProperty("failures")[0].GetProperty("command").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("variants")[0].GetProperty("runs").GetInt32());
    }

    [Fact]
    public void A_seed_that_decides_nothing_is_warned_of_and_nothing_is_written()
    {
        var (code, line) = Run(seed => Good(seed) with { SeedDecided = false }, "--seeds", "1..2");

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("warning: the seed decided nothing", line.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists("trapline-out"));
    }

    [Theory]
    [InlineData("--seeds is 'x'; it must be a first and a last seed, such as 1..100", "--seeds", "x")]
    [InlineData("--seeds is '1..2..3'; it must be", "--seeds", "1..2..3")]
    [InlineData("--seeds is '-1..3'; it must be", "--seeds=-1..3")]
    [InlineData("--seeds is '9..1'; the last seed is before the first: write 1..9", "--seeds", "9..1")]
    [InlineData("--seeds is '1..100001'; at most 100000 seeds can be run at once", "--seeds", "1..100001")]
    [InlineData("--seeds and --seed cannot be had at once", "--seeds", "1..2", "--seed", "3")]
    [InlineData("--seeds and --out cannot be had at once", "--seeds", "1..2", "--out", "x")]
    [InlineData("--seeds and --nodes 2 cannot be had at once", "--seeds", "1..2", "--nodes", "2")]
    [InlineData("--keep-going is about --seeds", "--keep-going")]
    [InlineData("--only 'frist': there is no such variant; did you mean 'first'?; there is 'first'", "--only", "frist")]
    public void Wrong_usage_says_what_to_do(string message, params string[] options)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run(["run", _scenario, .. options]));
        Assert.Contains(message, line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_variant_of_a_matrix_can_be_run_alone_and_its_name_is_quoted_for_a_shell()
    {
        File.AppendAllText(_scenario, "matrix:\n  rounds: [1, 2]\n");
        var seen = new List<string>();
        var line = new CommandLine
        {
            Work = (request, _) =>
            {
                seen.AddRange(request.Scenario.Variants.Select(variant => variant.Name));
                return Fakes.Report(Bad(7) with { Name = seen[^1] }) with { Seed = 7 };
            },
        };

        Assert.Equal(ExitCodes.Failed, line.Run("run", _scenario, "--seeds", "7..7", "--only", "rounds=2", "--smoke"));
        Assert.Equal(["rounds=2"], seen);
        Assert.Contains($"trapline run {_scenario} --seed 7 --only rounds=2 --smoke\n", line.Output, StringComparison.Ordinal);
        Assert.Equal("trapline run 'it'\\''s.yaml' --seed 1 --only 'a=1 b=2'", RepeatCommandOf("it's.yaml", "a=1 b=2"));
    }

    private static string RepeatCommandOf(string file, string variant) => Trapline.Host.Commands.RepeatCommand.Of(new() { File = file }, 1, variant);

    private static VariantReport Good(ulong seed) => Fakes.Variant() with { Digest = $"{seed:x32}", Expectations = [new("1 == 1", true, "")] };

    private static VariantReport Bad(ulong seed) => Good(seed) with { Expectations = [new("1 == 2", false, "no")] };

    private (int Code, CommandLine Line) Run(Func<ulong, VariantReport> variant, params string[] options)
    {
        var line = new CommandLine
        {
            Work = (request, _) =>
            {
                var report = variant(request.Scenario.Seed);
                return Fakes.Report(report) with { Seed = request.Scenario.Seed, Digest = report.Digest };
            },
        };
        return (line.Run(["run", _scenario, .. options]), line);
    }
}
