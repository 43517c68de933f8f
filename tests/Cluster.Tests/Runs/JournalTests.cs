using Trapline.Cluster.Runs;
using Trapline.Cluster.Traces.Text;
using Trapline.Machines.Results;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("journal-tests-").FullName;

    [Fact]
    public void A_run_that_a_person_stopped_is_repeated_digest_included()
    {
        var path = Path.Combine(_folder, "journal.jsonl");
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        using var control = new RunControl();

        // Stopped from the trace: in the middle, and at a place that no clock decides.
        using var trace = new InterruptingWriter(control, lines: 20_000);
        var stopped = RunSession.Run(new RunRequest { Scenario = scenario, JournalToWrite = path, Traces = [new TextTrace(trace)] }, control);
        Assert.Equal("interrupted", stopped.EndReason);
        Assert.InRange(stopped.VirtualNs, 1_000m, 20_000_000m);

        var repeated = Repeat(path, threads: 1);
        Assert.Equal("interrupted", repeated.EndReason);
        Assert.Equal(stopped.Digest, repeated.Digest);
        Assert.Equal(stopped.VirtualNs, repeated.VirtualNs);
        Assert.Equal(stopped.Messages, repeated.Messages);
        Assert.Equal(stopped.Digest, Repeat(path, threads: 2).Digest);
    }

    [Theory]
    [InlineData("", "a JSON object was expected here")]
    [InlineData("garbage", "this is no line of a journal")]
    [InlineData("{}", "this is no line of a journal")]
    [InlineData("{\"journal\":2,\"scenario\":\"x\",\"seed\":1,\"fingerprint\":\"f\"}", "this is format 2")]
    [InlineData("{\"journal\":1,\"scenario\":\"x\",\"seed\":1,\"fingerprint\":\"f\"}", "journal of another run")]
    public void What_is_no_journal_of_this_run_is_refused_with_file_and_line(string text, string reason)
    {
        var path = Path.Combine(_folder, "wrong.jsonl");
        File.WriteAllText(path, text);
        var failure = Assert.Throws<RunException>(() => Repeat(path, threads: 1));
        Assert.Equal(RunFailure.Input, failure.Failure);
        Assert.StartsWith($"{path}:1: error: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_does_not_write_into_the_journal_of_one_that_runs()
    {
        var path = Path.Combine(_folder, "journal.jsonl");
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        using var control = new RunControl();
        RunException? refused = null;

        // Started from the trace: the first run is in its middle.
        using var trace = new StartingWriter(() => refused ??= Assert.Throws<RunException>(() =>
        {
            using var second = new RunControl();
            RunSession.Run(new RunRequest { Scenario = scenario, JournalToWrite = path, Smoke = true }, second);
        }));
        RunSession.Run(new RunRequest { Scenario = scenario, JournalToWrite = path, Traces = [new TextTrace(trace)], Smoke = true }, control);

        Assert.Equal(RunFailure.Environment, refused?.Failure);
        Assert.Contains("--out", refused!.Message, StringComparison.Ordinal);
        Assert.StartsWith("{\"journal\":1,", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_not_there_is_an_input_error()
    {
        var failure = Assert.Throws<RunException>(() => Repeat(Path.Combine(_folder, "none.jsonl"), threads: 1));
        Assert.Equal(RunFailure.Input, failure.Failure);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RunReport Repeat(string path, int threads)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = ScenarioFiles.Load("ipi-pingpong"), JournalToRepeat = path, Threads = threads }, control);
    }

    private sealed class StartingWriter(Action start) : StringWriter
    {
        public override void WriteLine(string? value) => start();
    }

    private sealed class InterruptingWriter(RunControl control, int lines) : StringWriter
    {
        private int _left = lines;

        public override void WriteLine(string? value)
        {
            if (--_left == 0)
            {
                control.Interrupt();
            }
        }
    }
}
