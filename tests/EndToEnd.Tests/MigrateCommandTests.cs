using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>A person migrates the VM of a run that goes on: the run and the command are processes of their own.</summary>
[Trait("Runs", "Once")]
public sealed class MigrateCommandTests : IDisposable
{
    private const int InterruptSignal = 2;
    private const int Interrupted = 130;

    /// <summary>Far longer than a run takes to begin; reaching it is a hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WorkFolder _folder = new();

    [Fact]
    public void A_vm_goes_there_and_back_on_demand_and_the_journal_repeats_it()
    {
        var file = _folder.EndlessScenario();
        File.WriteAllText(file, File.ReadAllText(file) + "migrations: []\n");
        using var run = Trapline.Start(_folder.Path, "run", file, "--out", "live");
        AwaitControl(run);

        var there = Migrate();
        var back = Migrate();
        run.Signal(InterruptSignal);
        run.WaitFor(Interrupted);

        Assert.True(there < back);
        var report = _folder.Report("live");
        var migrations = report.GetProperty("variants")[0].GetProperty("migrations").EnumerateArray().ToArray();

        // On a machine that gives the run no time the second request finds the first one going on, and so does the interrupt.
        string[] ends = ["completed", "open"];
        Assert.InRange(migrations.Length, 1, 2);
        Assert.Equal(Enumerable.Range(0, migrations.Length).Select(number => $"{number} to {1 - number}"), migrations.Select(Hosts));
        Assert.All(migrations, migration => Assert.Contains(migration.GetProperty("outcome").GetString(), ends));
        Assert.Empty(report.GetProperty("variants")[0].GetProperty("violations").EnumerateArray());
        Assert.False(File.Exists(Path.Combine(_folder.Path, "live", "control.json")));
        using var repeated = Trapline.Run(_folder.Path, Interrupted, "run", file, "--journal", Path.Combine("live", "journal.jsonl"), "--out", "again");
        Assert.Equal(report.GetProperty("digest").GetString(), _folder.Report("again").GetProperty("digest").GetString());
    }

    [Fact]
    public void Where_nobody_listens_the_command_says_so()
    {
        using var none = Trapline.Run(_folder.Path, 2, "migrate", "nowhere");
        Assert.Contains("no run goes on in nowhere", none.Error, StringComparison.Ordinal);
        _folder.Write(Path.Combine("stale", "control.json"), """{"socket":"/nonexistent/control","process":1}""");
        using var stale = Trapline.Run(_folder.Path, 3, "migrate", "stale");
        Assert.Contains("does not answer", stale.Error, StringComparison.Ordinal);
        _folder.Write(Path.Combine("foreign", "control.json"), "not JSON");
        using var foreign = Trapline.Run(_folder.Path, 2, "migrate", "foreign");
        Assert.Contains("cannot be read", foreign.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Hosts(JsonElement migration) => $"{migration.GetProperty("from")} to {migration.GetProperty("to")}";

    private decimal Migrate()
    {
        using var command = Trapline.Run(_folder.Path, 0, "migrate", "live", "--json");
        var answer = JsonNode.Parse(command.Output)!;
        Assert.True((bool)answer["accepted"]!);
        return (decimal)answer["atNs"]!;
    }

    /// <summary>The file is there from when the run can be asked.</summary>
    private void AwaitControl(Trapline run)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(Path.Combine(_folder.Path, "live", "control.json")))
        {
            Assert.True(watch.Elapsed < Patience && !run.Process.HasExited, $"the run does not listen after {watch.Elapsed}: {run.Error}");
            Thread.Sleep(10);
        }
    }
}
