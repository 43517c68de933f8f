using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>Checkpoints as a user makes and restores them: each step is a process of its own.</summary>
[Trait("Runs", "Once")]
public sealed class CheckpointTests(ITestOutputHelper output) : IDisposable
{
    private const int InterruptSignal = 2;

    /// <summary>Set to 1: 55 points over all scenarios rather than 11.</summary>
    private const string AllPoints = "TRAPLINE_EVERY_WINDOW";

    /// <summary>What says how a run was carried out; everything else in two reports must be equal.</summary>
    private static readonly string[] Carried = ["wallSeconds", "windows", "threads", "restoredFrom", "checkpoints"];

    private static readonly int PointsEach = Environment.GetEnvironmentVariable(AllPoints) == "1" ? 5 : 1;

    private readonly WorkFolder _folder = new();

    [Theory]
    [MemberData(nameof(NodesTests.Scenarios), MemberType = typeof(NodesTests))]
    public void A_run_restored_in_a_new_process_finds_the_same_and_so_does_one_restored_from_that(string name)
    {
        var file = Trapline.Scenario(name);
        foreach (var point in Enumerable.Range(0, PointsEach))
        {
            var random = new Random(name.Sum(letter => letter) + point);
            var variants = JsonNode.Parse(SharedRuns.Smoke(name))!["variants"]!.AsArray();
            var variant = variants[random.Next(variants.Count)]!;
            var (only, end) = ((string)variant["name"]!, (long)((decimal)variant["virtualNs"]! * 1000));
            var first = random.NextInt64(1, end / 2);
            var second = random.NextInt64(first + 1, end * 9 / 10);
            var threads = random.Next(3);
            string How(int step) => new[] { "1", "2", "4" }[(threads + step) % 3];

            var plain = Run("run", file, "--only", only, "--smoke", "--json", "--out", "plain", "--threads", How(0));
            var cut = Run("run", file, "--only", only, "--smoke", "--json", "--out", "cut", "--threads", How(1), "--checkpoint-at", $"{first}ps", "--checkpoint-at", $"{second}ps", "--store", "a.db");
            Same(plain, cut);
            var ids = cut["checkpoints"]!["saved"]!.AsArray().Select(saved => (string)saved!["id"]!).ToArray();
            Assert.Equal(2, ids.Length);

            // The restored run is cut where the first one was: it is the same checkpoint, to the last byte.
            var restored = Run("run", "--restore", ids[0], "--json", "--out", "restored", "--threads", How(2), "--checkpoint-at", $"{second}ps", "--store", "a.db", "--window", "7ns");
            Same(plain, restored);
            Assert.Equal(ids[0], (string)restored["restoredFrom"]!["id"]!);
            Assert.Equal(ids[1], (string)restored["checkpoints"]!["saved"]![0]!["id"]!);
            Same(plain, Run("run", "--restore", ids[1], "--json", "--out", "again", "--threads", How(3), "--store", "a.db"));
            output.WriteLine($"{name}, {only}: cut at {first} and {second} of {end} ps");
        }
    }

    [Fact]
    public void A_checkpoint_is_restored_where_the_files_of_its_run_are_not_and_shown_by_names()
    {
        _folder.CopyScenarios();
        Run("run", "uart.yaml", "--only", "eiointc_driver=classic typing=burst", "--smoke", "--json", "--checkpoint-at", "100us", "--checkpoint-at", "200us", "--store", "a.db");
        foreach (var entry in Directory.EnumerateFiles(_folder.Path, "uart.*", SearchOption.AllDirectories).ToList())
        {
            File.Delete(entry);
        }

        using var list = Trapline.Run(_folder.Path, 0, "snapshot", "list", "--store", "a.db", "--json");
        var ids = JsonNode.Parse(list.Output)!["checkpoints"]!.AsArray().Select(row => (string)row!["id"]!).ToArray();
        Assert.Equal("until", (string)Run("run", "--restore", ids[0], "--json", "--store", "a.db")["endReason"]!);

        using var show = Trapline.Run(_folder.Path, 0, "snapshot", "show", ids[1], "eiointc0", "--store", "a.db");
        Assert.Contains("ENABLE64[0] = 0xffffffffffffffff", show.Output, StringComparison.Ordinal);
        using var summary = Trapline.Run(_folder.Path, 0, "snapshot", "show", ids[1], "--store", "a.db");
        Assert.Contains("group/vcpu0", summary.Output, StringComparison.Ordinal);
        using var same = Trapline.Run(_folder.Path, 0, "snapshot", "diff", ids[0], ids[0], "--store", "a.db");
        Assert.Contains("they are equal", same.Output, StringComparison.Ordinal);
        using var diff = Trapline.Run(_folder.Path, 1, "snapshot", "diff", ids[0], ids[1], "--store", "a.db", "--json");
        var eiointc = JsonNode.Parse(diff.Output)!["actors"]!.AsArray().Single(actor => (string)actor!["name"]! == "eiointc0")!;
        Assert.Contains(eiointc["rows"]!.AsArray(), row => (string)row!["name"]! == "ENABLE64[0]" && (string)row["a"]! == "0x0" && (string)row["b"]! == "0xffffffffffffffff");
        using var nobody = Trapline.Run(_folder.Path, 2, "snapshot", "show", ids[0], "eointc0", "--store", "a.db");
        Assert.Contains("did you mean 'eiointc0'", nobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_leaves_whole_checkpoints_alone()
    {
        using var run = Trapline.Start(_folder.Path, "run", _folder.EndlessScenario(), "--out", "stopped", "--checkpoint-every", "100us", "--checkpoint-keep", "3", "--store", "a.db");
        for (var patience = 300; patience > 0 && Listed() == 0; patience--)
        {
            Thread.Sleep(100);
        }

        run.Signal(InterruptSignal);
        run.WaitFor(130);
        Assert.InRange(Listed(), 1, 3);
        using var verify = Trapline.Run(_folder.Path, 0, "snapshot", "verify", "--store", "a.db");

        int Listed()
        {
            using var list = Trapline.Run(_folder.Path, 0, "snapshot", "list", "--store", "a.db", "--json");
            return JsonNode.Parse(list.Output)!["checkpoints"]!.AsArray().Count;
        }
    }

    [Theory]
    [InlineData("--restore 0123 --seed 2", "--restore and --seed cannot be had at once")]
    [InlineData("--restore 0123 --fault 'drop LineChange#1'", "--restore and --fault cannot be had at once")]
    [InlineData("--restore 0123 --smoke", "--restore and --smoke cannot be had at once")]
    [InlineData("--restore 0123 --until 1ms", "--restore and --until cannot be had at once")]
    [InlineData("--restore 0123 --nodes 2", "--restore and --nodes 2 cannot be had at once")]
    [InlineData("x.yaml --checkpoint-every 1ms --nodes 2", "--checkpoint-every and --nodes 2 cannot be had at once")]
    [InlineData("x.yaml --checkpoint-keep 3", "--checkpoint-keep is about checkpoints that the run saves")]
    [InlineData("x.yaml --store a.db", "--store is about checkpoints")]
    [InlineData("--restore 0123", "there is no store trapline-snapshots.db")]
    [InlineData("", "trapline run needs FILE, or --restore")]
    public void What_cannot_be_had_is_said(string options, string reason)
    {
        using var run = Trapline.RunShell(_folder.Path, 2, $"run {options}");
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private JsonNode Run(params string[] arguments)
    {
        using var run = Trapline.Run(_folder.Path, 0, arguments);
        return JsonNode.Parse(run.Output)!;
    }

    private static void Same(JsonNode expected, JsonNode actual) => Assert.Equal(Found(expected), Found(actual));

    private static string Found(JsonNode report)
    {
        var copy = report.DeepClone();
        foreach (var node in copy["variants"]!.AsArray().Append(copy))
        {
            Array.ForEach(Carried, key => node!.AsObject().Remove(key));
        }

        return copy.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
