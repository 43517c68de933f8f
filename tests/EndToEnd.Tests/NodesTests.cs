using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary><c>run --nodes N</c>: the same digest on every number of processes, also when one of them is lost; and nothing is left of them.</summary>
[Trait("Runs", "Once")]
public sealed class NodesTests : IDisposable
{
    private const int InterruptSignal = 2;
    private const int KillSignal = 9;

    private readonly WorkFolder _folder = new();

    public static TheoryData<string> Scenarios =>
        [.. Directory.EnumerateFiles(Path.Combine(Trapline.Root, "scenarios"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("ipi-pingpong", 2)]
    [InlineData("vmexit", 4)]
    public void Processes_for_this_run_alone_find_the_digest_of_one(string name, int nodes)
    {
        using var one = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario(name), "--smoke", "--json", "--out", "one");
        using var more = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario(name), "--smoke", "--json", "--out", "more", "--nodes", $"{nodes}", "--checkpoint-interval", "500ms");
        Assert.Equal(Digest(one.Output), Digest(more.Output));
    }

    [Theory]
    // Raised in one process, lost in the other; an answer that never comes back; one that comes twice.
    [InlineData("drop LineChange#1 ipi200->vcpu200", "raise-lost")]
    [InlineData("drop IpiAnswer#3 ipi200->ipi0", "call")]
    [InlineData("repeat IpiSend#3 ipi0->ipi200 by 1us", "raise-repeated")]
    public void Two_processes_find_the_violation_of_one_with_the_same_life(string fault, string invariant)
    {
        string[] common = ["run", Trapline.Scenario("boot-256"), "--json", "--until", "30ms", "--fault", fault];
        using var one = Trapline.Run(_folder.Path, 1, [.. common, "--out", "one"]);
        using var two = Trapline.Run(_folder.Path, 1, [.. common, "--out", "two", "--nodes", "2"]);
        Assert.Equal(RunTests.Found(one.Output), RunTests.Found(two.Output));
        using var json = JsonDocument.Parse(two.Output);
        var violation = json.RootElement.GetProperty("variants")[0].GetProperty("violations")[0];
        Assert.Equal(invariant, violation.GetProperty("invariant").GetString());
        Assert.Equal(fault, violation.GetProperty("fault").GetString());
        Assert.Equal("vcpu0", violation.GetProperty("life")[0].GetProperty("actor").GetString());
    }

    [Fact]
    public void A_run_goes_on_without_a_node_that_is_killed_and_Ctrl_C_keeps_what_it_found()
    {
        var scenario = _folder.EndlessScenario();
        using var run = Trapline.Start(_folder.Path, "run", scenario, "--nodes", "3", "--out", "a");
        var nodes = Await(() => NodesOf(run) is { Count: 3 } found && File.Exists(Path.Combine(_folder.Path, "a", "journal.jsonl")) ? found : null, run);
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Process.GetProcessById(nodes[1]).Kill();
        Thread.Sleep(TimeSpan.FromSeconds(6));
        run.Signal(InterruptSignal);
        run.WaitFor(130);
        Assert.Equal("interrupted", _folder.Report("a").GetProperty("endReason").GetString());
        Assert.Equal(2, _folder.Report("a").GetProperty("nodes").GetInt32());
        Assert.All(nodes, AssertGone);

        // What the journal says is enough for one process to come to the very same.
        using var again = Trapline.Run(_folder.Path, 130, "run", scenario, "--journal", "a/journal.jsonl", "--out", "b");
        Assert.Equal(_folder.Report("a").GetProperty("digest").GetString(), _folder.Report("b").GetProperty("digest").GetString());
    }

    [Fact]
    public void Several_processes_repeat_the_journal_of_one()
    {
        var scenario = _folder.EndlessScenario();
        using var one = Trapline.Start(_folder.Path, "run", scenario, "--out", "a");
        Await(() => File.Exists(Path.Combine(_folder.Path, "a", "journal.jsonl")) ? "there" : null, one);
        Thread.Sleep(TimeSpan.FromSeconds(0.3));
        one.Signal(InterruptSignal);
        one.WaitFor(130);
        using var two = Trapline.Run(_folder.Path, 130, "run", scenario, "--nodes", "2", "--journal", "a/journal.jsonl", "--out", "b");
        Assert.Equal(_folder.Report("a").GetProperty("digest").GetString(), _folder.Report("b").GetProperty("digest").GetString());
    }

    [Fact]
    public void Nodes_end_with_the_process_that_started_them_however_that_ends()
    {
        using var run = Trapline.Start(_folder.Path, "run", _folder.EndlessScenario(), "--nodes", "2", "--out", "a");
        var nodes = Await(() => NodesOf(run) is { Count: 2 } found && File.Exists(Path.Combine(_folder.Path, "a", "journal.jsonl")) ? found : null, run);
        run.Signal(KillSignal);
        var watch = Stopwatch.StartNew();
        while (nodes.Exists(ProcessState.IsRunning) && watch.Elapsed < TimeSpan.FromSeconds(20))
        {
            Thread.Sleep(50);
        }

        Assert.All(nodes, AssertGone);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Numbers of processes, in the order in which they were started.</summary>
    private static List<int> NodesOf(Trapline run)
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["--ppid", run.Process.Id.ToString(), "-o", "pid="]) { RedirectStandardOutput = true })!;
        return [.. list.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.Trim())).Order()];
    }

    private static T Await<T>(Func<T?> what, Trapline run)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (what() is { } found)
            {
                return found;
            }

            Assert.False(run.Process.HasExited, $"it ended early\n{run.Output}\n{run.Error}");
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"nothing within a minute\n{run.Error}");
            Thread.Sleep(20);
        }
    }

    private static void AssertGone(int process) => Assert.False(ProcessState.IsRunning(process), $"node {process} is still there");

    private static string Digest(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("digest").GetString()!;
    }
}
