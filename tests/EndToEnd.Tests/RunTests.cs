using System.Text.Json;
using Xunit;

namespace Trapline.EndToEnd.Tests;

public sealed class RunTests : IDisposable
{
    private const int InterruptSignal = 2;

    private readonly WorkFolder _folder = new();

    [Fact]
    public void The_main_command_prints_a_result_and_writes_the_report()
    {
        using var run = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario("ipi-multicast"));
        Assert.Contains("all-to-", run.Output, StringComparison.Ordinal);
        Assert.Contains("Digest", run.Output, StringComparison.Ordinal);
        var report = _folder.Report("trapline-out/ipi-multicast");
        Assert.Equal(60, report.GetProperty("variants").GetArrayLength());
        Assert.Equal("exit", report.GetProperty("endReason").GetString());
    }

    [Fact]
    public void One_to_255_is_255_send_traps_and_510_receive_traps_a_round_counted_from_messages()
    {
        using var json = JsonDocument.Parse(SharedRuns.Whole("ipi-multicast"));
        var variant = json.RootElement.GetProperty("variants").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "pattern=one-to-all stride=dense scheme=iocsr vcpus=256");
        var rounds = variant.GetProperty("counters").GetProperty("rounds").GetInt64();
        Assert.Equal(4, rounds);
        Assert.Equal(255 * rounds, Exits(variant, "ipi_write IPI_SEND"));
        Assert.Equal(510 * rounds, Exits(variant, "ipi_read STATUS") + Exits(variant, "ipi_write CLEAR"));
        Assert.Equal(255 * rounds, variant.GetProperty("latencies")[0].GetProperty("count").GetInt64());
    }

    [Fact]
    public void Equal_runs_have_equal_reports_but_for_what_says_how_they_were_run()
    {
        using var one = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario("boot-256"), "--json", "--out", "one");
        using var two = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario("boot-256"), "--json", "--out", "two", "--threads", "4", "--window", "11ns");
        Assert.Equal(Found(one.Output), Found(two.Output));
    }

    [Theory]
    [MemberData(nameof(NodesTests.Scenarios), MemberType = typeof(NodesTests))]
    public void A_scenario_meets_its_expectations(string name)
    {
        using var json = JsonDocument.Parse(SharedRuns.Whole(name));
        Assert.All(json.RootElement.GetProperty("variants").EnumerateArray(), variant =>
            Assert.All(variant.GetProperty("expectations").EnumerateArray(), expectation => Assert.True(expectation.GetProperty("holds").GetBoolean())));
    }

    [Fact]
    public void Every_scenario_has_the_digest_that_is_written_down_in_Debug_and_in_Release()
    {
        // The file is compared in both configurations: so they agree with one another, and with last week.
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Trapline.Root, "scenarios"), "*.yaml").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(SharedRuns.Smoke(Path.GetFileNameWithoutExtension(file)));
            found.Add($"{json.RootElement.GetProperty("scenario").GetString()} {json.RootElement.GetProperty("digest").GetString()}");
        }

        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "digests.txt")), found);
    }

    [Fact]
    public void Ctrl_C_keeps_results_and_reason_and_the_journal_repeats_the_run()
    {
        // The journal's file says that the run has begun.
        var scenario = _folder.EndlessScenario();
        using var run = Trapline.Start(_folder.Path, "run", scenario, "--out", "stopped");
        WaitForFile(Path.Combine(_folder.Path, "stopped", "journal.jsonl"), run);
        run.Signal(InterruptSignal);
        run.WaitFor(130);
        var stopped = _folder.Report("stopped");
        Assert.Equal("interrupted", stopped.GetProperty("endReason").GetString());
        Assert.Contains("interrupted", run.Output + run.Error, StringComparison.Ordinal);

        using var again = Trapline.Run(_folder.Path, 130, "run", scenario, "--out", "again", "--journal", "stopped/journal.jsonl");
        var repeated = _folder.Report("again");
        Assert.Equal(stopped.GetProperty("digest").GetString(), repeated.GetProperty("digest").GetString());
        Assert.Equal(stopped.GetProperty("virtualNs").GetDecimal(), repeated.GetProperty("virtualNs").GetDecimal());
    }

    [Fact]
    public void A_run_in_which_nothing_is_due_any_more_says_so_however_it_is_carried_out()
    {
        _folder.Write("costs/3c5000.yaml", File.ReadAllText(Path.Combine(Trapline.Root, "scenarios", "costs", "3c5000.yaml")));
        _folder.Write("asleep.guest", ".arch loongarch\n.shared bell, 8\nstart:\n    cpu.index t0\n    beqz t0, .asleep\n    wait.d t1, [bell], zero\n.asleep:\n    idle\n");
        var scenario = _folder.Write(
            "asleep.yaml", "name: asleep\nmachine: {board: loongarch-virt, vcpus: 4}\nguest: {file: asleep.guest}\ncosts: 3c5000\nlength: {until: 1s}\n");
        var found = new List<string>();
        foreach (var how in new string[][] { ["--threads", "1"], ["--threads", "2", "--window", "7ns"], ["--nodes", "2"] })
        {
            using var run = Trapline.Run(_folder.Path, 0, ["run", scenario, "--out", "out", .. how]);
            var report = _folder.Report("out");
            Assert.Equal("drained", report.GetProperty("endReason").GetString());
            Assert.InRange(report.GetProperty("virtualNs").GetDecimal(), 100m, 1_000m);
            found.Add($"{report.GetProperty("digest")} {report.GetProperty("virtualNs")}");
        }

        Assert.Single(found.Distinct());
    }

    [Theory]
    [InlineData("start:\n    syscall 0\n", 0, "vcpu0 left the program at ", "mine.guest:3 (syscall 0)")]
    [InlineData("start:\n    jr zero\n", 0, "vcpu0 left the program at 0x0", "no code")]
    [InlineData("start:\n    exit -3\n", 1, "", "")]
    [InlineData("start:\n    assert.eq zero, 1, \"never\"\n", 1, "", "")]
    public void A_guest_that_is_lost_is_warned_of_and_one_that_fails_fails_the_run(string guest, int exitCode, string warning, string more)
    {
        Trapline.Run(_folder.Path, 0, "new", "scenario", "mine").Dispose();
        _folder.Write("guests/mine.guest", ".arch loongarch\n" + guest);
        var scenario = _folder.Write("mine.yaml", System.Text.RegularExpressions.Regex.Replace(
            File.ReadAllText(Path.Combine(_folder.Path, "mine.yaml")), "(?ms)^  parameters:.*?^(?=[a-z])|^expect:.*", ""));
        using var run = Trapline.Run(_folder.Path, exitCode, "run", scenario, "--until", "50us");
        Assert.Contains(warning, run.Error, StringComparison.Ordinal);
        Assert.Contains(more, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_that_is_reached_names_the_variant_and_the_knob()
    {
        var text = File.ReadAllText(Trapline.Scenario("ipi-multicast"));
        _folder.CopyScenarios();

        _folder.Write("limited.yaml", text + "limits: { messages: 200 }\n");
        using var run = Trapline.Run(_folder.Path, 1, "run", "limited.yaml");
        Assert.Contains("variant pattern=one-to-all stride=dense scheme=", run.Error, StringComparison.Ordinal);
        Assert.Contains("limits.messages", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void Until_ends_exactly_there()
    {
        using var run = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario("ipi-pingpong"), "--until", "1.5ms", "--json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(1_500_000m, json.RootElement.GetProperty("virtualNs").GetDecimal());
        Assert.Equal("until", json.RootElement.GetProperty("endReason").GetString());
    }

    [Fact]
    public void The_trace_shows_each_instruction_with_its_source_line()
    {
        using var run = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario("ipi-pingpong"), "--until", "20us", "--trace", "text:trace.txt");
        var lines = File.ReadAllLines(Path.Combine(_folder.Path, "trace.txt"));
        Assert.Contains(lines, line => line.Contains("iocsr.write.w t0, [IPI_SEND]", StringComparison.Ordinal) && line.Contains("ipi.inc.guest:", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("interrupt IPI taken", StringComparison.Ordinal));
    }

    [Fact]
    public void Traces_are_the_same_bytes_however_a_run_is_carried_out_and_change_no_digest()
    {
        var scenario = Trapline.Scenario("ipi-pingpong");
        using var plain = Trapline.Run(_folder.Path, 0, "run", scenario, "--smoke", "--json");
        var found = new List<(string, string)>();
        foreach (var how in new string[][] { ["--threads", "1"], ["--threads", "2"], ["--window", "7ns"] })
        {
            using var run = Trapline.Run(_folder.Path, 0, ["run", scenario, "--smoke", "--json", "--trace", "t.perfetto", "--vcd", "t.vcd", .. how]);
            found.Add((Convert.ToHexString(File.ReadAllBytes(Path.Combine(_folder.Path, "t.perfetto"))), File.ReadAllText(Path.Combine(_folder.Path, "t.vcd"))));
            Assert.Equal(Found(plain.Output), Found(run.Output));
        }

        Assert.Single(found.Distinct());
        Assert.InRange(found[0].Item1.Length, 1_000, 1_000_000);
        Assert.Contains("$enddefinitions $end", found[0].Item2, StringComparison.Ordinal);
        Assert.Equal(["t.perfetto", "t.vcd", "trapline-out"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--trace", "/dev/full", 3, "the trace could not be written to '/dev/full': No space left on device")]
    [InlineData("--trace", "text:/dev/full", 3, "the trace could not be written to '/dev/full': No space left on device")]
    [InlineData("--vcd", "link.vcd", 3, "the trace could not be written to 'link.vcd': No space left on device")]
    [InlineData("--vcd", "missing/t.vcd", 3, "the trace cannot be written to 'missing/t.vcd': its folder does not exist")]
    [InlineData("--trace", ".", 2, "the trace cannot be written to '.': it is a folder")]
    public void A_trace_that_cannot_be_written_is_one_message_that_names_the_file(string option, string file, int exitCode, string message)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link.vcd"), "/dev/full");
        using var run = Trapline.Run(_folder.Path, exitCode, "run", Trapline.Scenario("ipi-pingpong"), option, file);
        Assert.Contains($"trapline: error: {message}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("error", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_fails_leaves_whole_traces()
    {
        _folder.CopyScenarios();
        var limited = _folder.Write("limited.yaml", File.ReadAllText(Trapline.Scenario("ipi-multicast")) + "limits: { messages: 200 }\n");
        using var run = Trapline.Run(_folder.Path, 1, "run", limited, "--vcd", "t.vcd");
        Assert.Matches("#[0-9]+\n$", File.ReadAllText(Path.Combine(_folder.Path, "t.vcd")));
    }

    public void Dispose() => _folder.Dispose();

    private static void WaitForFile(string path, Trapline run)
    {
        while (!File.Exists(path))
        {
            Assert.False(run.Process.HasExited, $"the run ended before {path} was there\n{run.Output}\n{run.Error}");
            Thread.Yield();
        }
    }

    private static long Exits(JsonElement variant, string reason) =>
        variant.GetProperty("exits").EnumerateArray().Single(row => row.GetProperty("reason").GetString() == reason).GetProperty("count").GetInt64();

    /// <summary>The report without wall times, windows, threads, nodes and how it went over them.</summary>
    internal static string Found(string json)
    {
        var root = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (var part in root["variants"]!.AsArray().Select(variant => variant!.AsObject()).Append(root))
        {
            foreach (var name in new[] { "wallSeconds", "windows", "threads", "nodes", "split" })
            {
                part.Remove(name);
            }
        }

        return root.ToJsonString();
    }
}
