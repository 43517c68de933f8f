using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>A real cluster of this machine, as a person uses it: started, given a run, hit by a loss, looked at, stopped, ended.</summary>
[Trait("Runs", "Once")]
public sealed class ClusterTests : IDisposable
{
    private const int InterruptSignal = 2;

    private readonly WorkFolder _folder = new();

    [Fact]
    public void A_cluster_is_started_loses_a_node_goes_on_and_is_ended()
    {
        var scenario = _folder.EndlessScenario();
        var up = Json("cluster", "up", "--nodes", "2", "--json");
        var processes = up.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("process").GetInt32()).ToList();
        Assert.Equal(["node1", "node2"], up.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("name").GetString()));
        using (var again = Trapline.Run(_folder.Path, 2, "cluster", "up"))
        {
            Assert.Contains("a cluster of 2 nodes runs in trapline-cluster already", again.Error, StringComparison.Ordinal);
        }

        var run = Json("run", scenario, "--cluster", "sqlite:trapline-cluster/cluster.db", "--placement", "spread", "--checkpoint-interval", "500ms", "--detach", "--json").GetProperty("run").GetInt64();
        Assert.Equal(1, run);
        var running = Status(state => Participants(state).Count == 2 && Participants(state).TrueForAll(each => each.GetProperty("windows").GetInt64() > 0) && Job(state).GetProperty("checkpoint").ValueKind == JsonValueKind.String);
        Assert.All(running.GetProperty("members").EnumerateArray(), member => Assert.Equal("alive", member.GetProperty("state").GetString()));
        Assert.All(Participants(running), each => Assert.Equal(1, each.GetProperty("links").GetArrayLength()));

        var move = Json("move", "1", "--groups", "vcpu0..vcpu1", "--to", "node2", "--json");
        Assert.True(move.GetProperty("done").GetBoolean());
        Assert.Contains("2 groups went to node2 at ", move.GetProperty("answer").GetString(), StringComparison.Ordinal);

        Process.GetProcessById(processes[0]).Kill();
        var after = Status(state => Job(state).GetProperty("attempt").GetInt32() == 2 && Participants(state).Exists(each => each.GetProperty("node").GetString() == "node2" && each.GetProperty("phase").GetString() == "running"));
        Assert.Equal("dead", after.GetProperty("members").EnumerateArray().Single(member => member.GetProperty("name").GetString() == "node1").GetProperty("state").GetString());

        using (var attached = Trapline.Start(_folder.Path, "runs", "attach", "1"))
        {
            var watch = Stopwatch.StartNew();
            while (!attached.Error.Contains("run 1 of ", StringComparison.Ordinal) && watch.Elapsed < TimeSpan.FromSeconds(30))
            {
                Thread.Sleep(20);
            }

            attached.Signal(InterruptSignal);
            attached.WaitFor(130);
            Assert.Contains("run 1 goes on in the cluster: 'trapline runs attach 1' follows it, 'trapline runs stop 1' stops it", attached.Error, StringComparison.Ordinal);
        }

        var stopped = Json("runs", "stop", "1", "--json");
        Assert.Equal("stopped", stopped.GetProperty("phase").GetString());
        Assert.Equal(1, stopped.GetProperty("results").GetInt32());
        using (var report = Trapline.Run(_folder.Path, 130, "runs", "attach", "1", "--json", "--out", "of-cluster"))
        {
            Assert.Equal("interrupted", JsonDocument.Parse(report.Output).RootElement.GetProperty("endReason").GetString());
        }

        using (Trapline.Run(_folder.Path, 130, "run", scenario, "--journal", "of-cluster/journal.jsonl", "--out", "of-one"))
        {
            Assert.Equal(_folder.Report("of-one").GetProperty("digest").GetString(), _folder.Report("of-cluster").GetProperty("digest").GetString());
        }

        var commits = Json("runs", "log", "1", "--json").GetProperty("commits").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, commits.Count).Select(number => (long)number), commits.Select(commit => commit.GetProperty("revision").GetInt64()));
        Assert.Contains(commits, commit => commit.GetProperty("what").GetString()!.Contains("lost: node1", StringComparison.Ordinal));

        var down = Json("cluster", "down", "--json").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("end").GetString());
        Assert.Equal(["gone", "left"], down);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.Path, "trapline-cluster"), "*.pid"));
        Assert.False(ProcessState.IsRunning(processes[1]));
    }

    [Fact]
    public void A_process_that_only_has_the_number_of_a_node_is_left_alone()
    {
        using var other = Process.Start("sleep", "60");
        _folder.Write("trapline-cluster/node1.pid", $"{other.Id} 1\n");
        using var down = Trapline.Run(_folder.Path, 0, "cluster", "down");
        Assert.Equal("node1 was not there any more\n", down.Output);
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public void A_node_that_ends_while_it_starts_takes_the_others_down_and_its_last_words_are_shown()
    {
        // The state folder of the second node cannot be made: a file has its name.
        _folder.Write("c/node2", "");
        using var up = Trapline.Run(_folder.Path, 3, "cluster", "up", "--nodes", "2", "--dir", "c");
        Assert.Contains("node2 ended while it was starting; its last lines in 'c/node2.log':\n  trapline: ", up.Error, StringComparison.Ordinal);
        using var down = Trapline.Run(_folder.Path, 2, "cluster", "down", "--dir", "c");
        Assert.Contains("no cluster was started in c", down.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        // Whatever failed, no node outlives its test.
        using var down = Trapline.Start(_folder.Path, "cluster", "down");
        down.Process.WaitForExit(TimeSpan.FromSeconds(30));
        _folder.Dispose();
    }

    private static JsonElement Job(JsonElement state) => state.GetProperty("runs")[0].GetProperty("jobs")[0];

    private static List<JsonElement> Participants(JsonElement state) => [.. state.GetProperty("runs")[0].GetProperty("participants").EnumerateArray()];

    private JsonElement Json(params string[] arguments)
    {
        using var command = Trapline.Run(_folder.Path, 0, arguments);
        return JsonDocument.Parse(command.Output).RootElement;
    }

    private JsonElement Status(Func<JsonElement, bool> holds)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var state = Json("cluster", "status", "--json");
            if (holds(state))
            {
                return state;
            }

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"it does not come to that: {state}");
            Thread.Sleep(200);
        }
    }
}
