using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Traces.Text;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class RunCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _scenario;
    private readonly string _out;

    public RunCommandTests()
    {
        _scenario = CommandLine.Scenario(_folder);
        _out = _folder.PathOf("out");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit", true, ExitCodes.Done)]
    [InlineData("until", true, ExitCodes.Done)]
    [InlineData("drained", true, ExitCodes.Done)]
    [InlineData("exit", false, ExitCodes.Failed)]
    [InlineData("assertion", true, ExitCodes.Failed)]
    [InlineData("error", true, ExitCodes.Failed)]
    [InlineData("interrupted", true, ExitCodes.Interrupted)]
    [InlineData("interrupted", false, ExitCodes.Interrupted)]
    public void The_exit_code_says_how_it_ended(string endReason, bool holds, int expected)
    {
        var variant = Fakes.Variant() with { EndReason = endReason, Expectations = [new("1 == 1", holds, "")] };

        Assert.Equal(expected, Run(Fakes.Report(variant), "--out", _out).Code);
        Assert.True(File.Exists(Path.Combine(_out, "report.json")));
    }

    [Fact]
    public void A_violated_invariant_is_a_failure()
        => Assert.Equal(ExitCodes.Failed, Run(Good(violations: "lost"), "--out", _out).Code);

    [Theory]
    [InlineData(RunFailure.Input, ExitCodes.Usage)]
    [InlineData(RunFailure.Simulation, ExitCodes.Failed)]
    [InlineData(RunFailure.Environment, ExitCodes.Environment)]
    public void A_run_that_could_not_be_carried_out_says_whose_fault_it_is(RunFailure failure, int expected)
    {
        var line = new CommandLine { Work = (_, _) => throw new RunException(failure, "it did not go") };

        Assert.Equal(expected, line.Run("run", _scenario, "--out", _out));
        Assert.Equal("trapline: error: it did not go\n", line.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_out));
    }

    [Fact]
    public void A_failed_run_leaves_no_report_of_an_earlier_one()
    {
        Run(Good(), "--out", _out);
        var line = new CommandLine { Work = (_, _) => throw new RunException(RunFailure.Environment, "the peer is gone") };
        line.Run("run", _scenario, "--out", _out);

        Assert.False(File.Exists(Path.Combine(_out, "report.json")));
    }

    [Fact]
    public void An_unexpected_exception_is_one_line_without_a_stack_trace()
    {
        var line = new CommandLine { Work = (_, _) => throw new InvalidOperationException("two\nlines") };

        Assert.Equal(ExitCodes.Environment, line.Run("run", _scenario, "--out", _out));
        Assert.Matches("^trapline: internal error: InvalidOperationException: two lines; please report it[^\n]*\n$", line.Error);
    }

    [Fact]
    public void Json_on_stdout_is_the_text_of_the_report()
    {
        var (_, line) = Run(Good(), "--out", _out, "--json");

        Assert.Equal(File.ReadAllText(Path.Combine(_out, "report.json")), line.Output);
    }

    [Fact]
    public void Options_arrive_in_the_request()
    {
        RunRequest? seen = null;
        var trace = _folder.PathOf("trace.txt");
        var line = new CommandLine
        {
            Work = (request, _) =>
            {
                seen = request;
                var sink = Assert.IsType<TextTrace>(Assert.Single(request.Traces));
                sink.Begin(new TraceMachine("traced", null!, []));
                sink.Finish();
                return Good();
            },
        };

        Assert.Equal(0, line.Run("run", _scenario, "--seed", "0xff", "--until", "1.5us", "--smoke", "--threads", "3", "--window", "10ns", "--out", _out, "--trace", "text:" + trace));
        Assert.Equal(255UL, seen!.Scenario.Seed);
        Assert.Equal("1.5us", $"{seen.Scenario.Variants[0].Until}");
        Assert.True(seen.Smoke);
        Assert.Equal(3, seen.Threads);
        Assert.Equal("10ns", $"{seen.Window}");
        Assert.Equal(Path.Combine(_out, "journal.jsonl"), seen.JournalToWrite);
        Assert.Equal("# traced\n", File.ReadAllText(trace));
    }

    [Fact]
    public void Warnings_go_to_stderr()
    {
        var (_, line) = Run(Good() with { Warnings = ["nobody was addressed"] }, "--out", _out);

        Assert.Contains("trapline: warning: nobody was addressed\n", line.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody was addressed", line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_of_a_scenario_is_printed_with_its_place()
    {
        File.WriteAllText(_scenario, File.ReadAllText(_scenario).Replace("vcpus: 2 ", "vcpus: 257 ", StringComparison.Ordinal).Replace("seed: 1", "sede: 1", StringComparison.Ordinal));
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("run", _scenario, "--out", _out));
        var errors = line.Error.TrimEnd().Split('\n');
        Assert.Equal(2, errors.Length);
        Assert.All(errors, error => Assert.Matches(@"first\.yaml:[0-9]+:[0-9]+: error: ", error));
        Assert.False(Directory.Exists(_out));
    }

    [Fact]
    public void A_journal_is_not_overwritten_by_its_own_repetition()
    {
        Directory.CreateDirectory(_out);
        var journal = Path.Combine(_out, "journal.jsonl");
        File.WriteAllText(journal, "{}");
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("run", _scenario, "--out", _out, "--journal", journal));
        Assert.Contains("choose another folder with --out", line.Error, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(journal));
    }

    [Fact]
    public void Results_that_stdout_cannot_take_are_an_error_of_the_environment()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.Skip("this system has no /dev/full");
        }

        using var full = new StreamWriter(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        var line = new CommandLine { Work = (_, _) => Good(), Out = full };

        Assert.Equal(ExitCodes.Environment, line.Run("run", _scenario, "--out", _out));
        Assert.Contains("trapline: error: the output could not be written: No space left on device\n", line.Error, StringComparison.Ordinal);
    }

    private static RunReport Good(params string[] violations)
        => Fakes.Report(Fakes.Variant() with { Expectations = [], Violations = [.. violations.Select(text => new ViolationRow("raise-lost", 1, "ipi1", text, [], null))] });

    private (int Code, CommandLine Line) Run(RunReport report, params string[] options)
    {
        var line = new CommandLine { Work = (_, _) => report };
        return (line.Run(["run", _scenario, .. options]), line);
    }
}
