using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>Whatever is wrong: one clear message with place and remedy, the right exit code, no half-written result.</summary>
[Trait("Runs", "Once")]
public sealed class WrongInputTests : IDisposable
{
    private readonly WorkFolder _folder = new();

    [Theory]
    [InlineData("nmae: x", "unknown key", "name")]
    [InlineData("name: x\nmachine: {board: loongarch-virt, vcpus: 0}", "vcpus", "1")]
    [InlineData("name: x\nmachine: {board: loongarch-virt, vcpus: 257}", "vcpus", "256")]
    [InlineData("a: &a [x, x]\nb: *a", "alias", "")]
    [InlineData("{{{{", "", "")]
    [InlineData("", "empty", "")]
    public void A_wrong_scenario_is_refused_with_its_place(string text, string word, string remedy)
    {
        var path = _folder.Write("wrong.yaml", text);
        foreach (var command in new[] { "run", "validate" })
        {
            using var run = Trapline.Run(_folder.Path, 2, command, path);
            Assert.Contains("wrong.yaml:", run.Error, StringComparison.Ordinal);
            Assert.Contains(word, run.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(remedy, run.Error, StringComparison.Ordinal);
            Assert.Equal("", run.Output);
        }
    }

    [Fact]
    public void A_guest_with_errors_is_refused_with_file_line_and_column()
    {
        _folder.CopyScenarios();

        _folder.Write("guests/ipi-pingpong.guest", ".arch loongarch\nstart:\n    addd r4, r5, 1\n    exit\n");
        using var run = Trapline.Run(_folder.Path, 2, "run", "ipi-pingpong.yaml");
        Assert.Contains("guests/ipi-pingpong.guest:3:5: error:", run.Error, StringComparison.Ordinal);
        Assert.Contains("'add'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_latency_of_zero_is_refused()
    {
        _folder.CopyScenarios();

        _folder.Write("costs/3c5000.yaml", File.ReadAllText(Path.Combine(Trapline.Root, "scenarios", "costs", "3c5000.yaml")).Replace("25ns", "0ns", StringComparison.Ordinal));
        using var run = Trapline.Run(_folder.Path, 2, "run", "ipi-pingpong.yaml");
        Assert.Contains("betweenGroups", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "no-such-file.yaml")]
    [InlineData("rnu", "x.yaml")]
    [InlineData("run", "SCENARIO", "--sead", "1")]
    [InlineData("run", "SCENARIO", "--seed", "-1")]
    [InlineData("run", "SCENARIO", "--threads", "0")]
    [InlineData("run", "SCENARIO", "--window", "26ns")]
    [InlineData("run", "SCENARIO", "--window", "0ns")]
    [InlineData("run", "SCENARIO", "--until", "soon")]
    [InlineData("run", "SCENARIO", "--nodes", "33")]
    [InlineData("run", "SCENARIO", "--placement", "spread")]
    [InlineData("run", "SCENARIO", "--journal", "none.jsonl")]
    [InlineData("run", "/dev/null")]
    [InlineData("run", "/")]
    [InlineData("validate", "/usr/bin/env")]
    [InlineData("new", "scenario", "../x")]
    public void Wrong_usage_is_exit_code_2_with_a_message_and_nothing_on_stdout(params string[] arguments)
    {
        using var run = Trapline.Run(_folder.Path, 2, [.. arguments.Select(argument => argument == "SCENARIO" ? Trapline.Scenario("ipi-pingpong") : argument)]);
        Assert.NotEqual("", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_found_out_before_the_run()
    {
        var file = _folder.Write("a-file", "");
        using var run = Trapline.Run(_folder.Path, 3, "run", Trapline.Scenario("ipi-pingpong"), "--out", Path.Combine(file, "out"));
        Assert.Contains("a-file", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_new_scenario_validates_and_runs_as_it_was_written()
    {
        using var created = Trapline.Run(_folder.Path, 0, "new", "scenario", "mine");
        using var validated = Trapline.Run(_folder.Path, 0, "validate", "mine.yaml");
        using var run = Trapline.Run(_folder.Path, 0, "run", "mine.yaml");
        Assert.Contains("25ns", validated.Output, StringComparison.Ordinal);
        using var again = Trapline.Run(_folder.Path, 2, "new", "scenario", "mine");
        Assert.Contains("mine.yaml", again.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2>/dev/full", 0)]
    [InlineData("2>&-", 0)]
    [InlineData(">/dev/full", 3)]
    [InlineData(">&-", 3)]
    [InlineData(">/dev/full 2>/dev/full", 3)]
    public void A_stream_that_takes_nothing_leaves_the_report_and_the_exit_code(string redirection, int exitCode)
    {
        using var run = Trapline.RunShell(_folder.Path, exitCode, $"run '{Trapline.Scenario("ipi-pingpong")}' --smoke --out out {redirection}");
        Assert.DoesNotContain("internal error", run.Error, StringComparison.Ordinal);
        Assert.Equal("until", _folder.Report("out").GetProperty("endReason").GetString());
    }

    [Fact]
    public void A_pipe_that_nobody_writes_to_does_not_hang_a_command()
    {
        using (var make = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_folder.Path, "pipe.yaml"), Path.Combine(_folder.Path, "pipe.guest")]))
        {
            make.WaitForExit();
        }

        using var scenario = Trapline.Start(_folder.Path, "run", "pipe.yaml");
        using var guest = Trapline.Start(_folder.Path, "validate", "pipe.guest");
        using var journal = Trapline.Start(_folder.Path, "run", Trapline.Scenario("ipi-pingpong"), "--journal", "pipe.yaml");
        foreach (var run in new[] { scenario, guest, journal })
        {
            run.WaitFor(2);
            Assert.Contains("pipe", run.Error, StringComparison.Ordinal);
            Assert.Contains("nobody writes to", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_journal_without_end_is_refused_before_it_fills_the_memory()
    {
        using var run = Trapline.Run(_folder.Path, 2, "run", Trapline.Scenario("ipi-pingpong"), "--journal", "/dev/zero");
        Assert.Contains("/dev/zero:1: error: the file is larger than", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_doctor_finds_this_machine_ready()
    {
        using var run = Trapline.Run(_folder.Path, 0, "doctor");
        Assert.Contains("ok", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
