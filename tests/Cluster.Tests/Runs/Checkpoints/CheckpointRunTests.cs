using System.Text;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Checkpoints;

/// <summary>Runs that are cut, and runs that begin where others were cut.</summary>
[Trait("Runs", "Once")]
public sealed class CheckpointRunTests
{
    private const string Name = "uart";

    private static readonly VirtualTime[] Cuts = [VirtualTime.FromNanoseconds(50_000), new(123_456_789), VirtualTime.FromNanoseconds(300_000)];

    private readonly Scenario _scenario = One(Name);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_restored_run_finds_the_same_and_its_own_checkpoints_are_those_of_the_run_that_was_cut(int threads)
    {
        var plain = Run(_scenario);
        var store = new MemoryStore();
        Same(plain, Run(_scenario, Cut(store)));
        Assert.Equal(Cuts, store.Saved.Select(checkpoint => checkpoint.Header.At));

        var again = new MemoryStore();
        var restored = Restore(store.Saved[0], Cut(again), threads);
        Same(plain, restored);
        Assert.Equal(new RestoredFrom("id", 50_000m), restored.RestoredFrom);
        Assert.Equal(store.Saved[1..].Select(Text), again.Saved.Select(Text));
        Same(plain, Restore(again.Saved[0]));
    }

    [Fact]
    public void A_stop_that_is_repeated_is_repeated_after_a_restore()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, [
                $"{{\"journal\":1,\"scenario\":\"{Name}\",\"seed\":1,\"fingerprint\":\"{RunFingerprint.Of([VariantPlan.Of(_scenario, _scenario.Variants[0])], smoke: true)}\"}}",
                $"{{\"variant\":\"{_scenario.Variants[0].Name}\",\"atPs\":200000000,\"act\":\"stop\"}}"]);
            var store = new MemoryStore();
            var stopped = Run(_scenario, Cut(store), journal: path);
            Assert.Equal(("interrupted", 2), (stopped.EndReason, store.Saved.Count));

            // Known from the checkpoint, or told once more.
            Same(stopped, Restore(store.Saved[1]));
            var unstopped = new MemoryStore();
            Run(_scenario, Cut(unstopped));
            Same(stopped, Restore(unstopped.Saved[1], journal: path));
            var late = Assert.Throws<RunException>(() => Restore(unstopped.Saved[2], journal: path));
            Assert.Contains("before 300us", late.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_store_that_fails_costs_checkpoints_and_no_result()
    {
        var store = new MemoryStore(checkpoint =>
        {
            if (checkpoint.Header.At == Cuts[1])
            {
                throw new CheckpointException(CheckpointFailure.Environment, "the disk is full");
            }
        });
        var report = Run(_scenario, Cut(store));
        Same(Run(_scenario), report);
        Assert.Equal((2, 1, 0, "the disk is full"), (report.Checkpoints!.Saved.Count, report.Checkpoints.Failed, report.Checkpoints.LeftOut, report.Checkpoints.Problem));
        Assert.Contains(report.Warnings, warning => warning.Contains("1 of 3 checkpoints were not saved in memory: the disk is full", StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_that_is_slow_stops_no_run_but_for_cuts_that_were_named()
    {
        var store = new MemoryStore(_ => Thread.Sleep(20));
        var report = Run(_scenario, new() { Store = store, Every = VirtualTime.FromNanoseconds(1_000), At = Cuts });
        var times = store.Saved.Select(checkpoint => checkpoint.Header.At).ToList();
        Assert.All(Cuts, cut => Assert.Contains(cut, times));
        Assert.Equal(times.Order(), times);
        Assert.True(report.Checkpoints!.LeftOut > 0);
        Assert.Contains(report.Warnings, warning => warning.Contains("were left out", StringComparison.Ordinal));
        Assert.Equal(report.Checkpoints.Saved.Select(saved => saved.AtNs), times.Select(time => (decimal)time.Picoseconds / 1000));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_the_name_of_its_part()
    {
        var store = new MemoryStore();
        Run(_scenario, Cut(store));
        var good = store.Saved[0];
        Refused(good, "part 'group/board' is missing", parts => parts.RemoveAll(part => part.Name == "group/board"));
        Refused(good, "part 'group/vcpu9': this version knows no such part", parts => parts.Add(new("group/vcpu9", 1, default)));
        Refused(good, "part 'later': this version knows no such part", parts => parts.Add(new("later", 1, default)));
        Refused(good, "part 'group/vcpu1' is of version 99, and this program reads version", parts => Change(parts, "group/vcpu1", part => part with { SchemaVersion = 99 }));
        Refused(good, "part 'group/vcpu0': row", parts => Change(parts, "group/vcpu0", part => part with { Content = part.Content[..^8] }));
        Refused(good, "part 'group/vcpu0': 8 bytes are left over", parts => Change(parts, "group/vcpu0", part => part with { Content = (byte[])[.. part.Content.Span, 0, 0, 0, 0, 0, 0, 0, 0] }));
        Refused(good, "part 'run', offset", parts => Change(parts, "run", part => part with { Content = "{}"u8.ToArray() }));
        Refused(good, "part 'run' and the header are not of the same run", parts => Replace(parts, "run", "\"atPs\":50000000", "\"atPs\":50000001"));
        Refused(good, "is no name of a file inside a folder", parts => Replace(parts, "inputs", "\"name\":\"uart.yaml\"", "\"name\":\"../uart.yaml\""));
        Refused(good, "the scenario in it is no longer the run that was cut", parts => Replace(parts, "run", "\"smoke\":true", "\"smoke\":false"));
    }

    [Fact]
    public void Multiples_before_the_next_event_are_left_out_and_named_times_are_not()
    {
        var schedule = new CheckpointSchedule(new(100), [new(250), new(50), new(250)]);
        Assert.Equal(new(50), schedule.Next(new(10), new(0), out var named));
        Assert.True(named);
        Assert.Equal(new(100), schedule.Next(new(60), new(50), out named));
        Assert.False(named);
        Assert.Equal(new(200), schedule.Next(new(100), new(100), out _));
        Assert.Equal(new(250), schedule.Next(new(720), new(200), out _));
        Assert.Equal(new(800), schedule.Next(new(720), new(250), out _));
        Assert.Equal(VirtualTime.Never, schedule.Next(VirtualTime.Never, new(800), out _));
    }

    private static void Refused(Checkpoint good, string reason, Action<List<CheckpointPart>> change)
    {
        List<CheckpointPart> parts = [.. good.Parts];
        change(parts);
        var failure = Assert.Throws<CheckpointException>(() => Restore(good with { Parts = parts }));
        Assert.Equal(CheckpointFailure.Input, failure.Failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private static void Change(List<CheckpointPart> parts, string name, Func<CheckpointPart, CheckpointPart> change)
    {
        var index = parts.FindIndex(part => part.Name == name);
        parts[index] = change(parts[index]);
    }

    private static void Replace(List<CheckpointPart> parts, string name, string old, string with) => Change(parts, name, part =>
    {
        var text = Encoding.UTF8.GetString(part.Content.Span);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return part with { Content = Encoding.UTF8.GetBytes(text.Replace(old, with, StringComparison.Ordinal)) };
    });

    private static string Text(Checkpoint checkpoint) =>
        $"{checkpoint.Header} {string.Join(' ', checkpoint.Parts.Select(part => $"{part.Name} {Convert.ToHexString(part.Content.Span)}"))}";

    private static CheckpointRequest Cut(ICheckpointStore store) => new() { Store = store, At = Cuts };

    private static RunReport Restore(Checkpoint checkpoint, CheckpointRequest? cut = null, int threads = 1, string? journal = null)
    {
        var restored = RestoredRun.Open("id", checkpoint);
        return Run(restored.Scenario, cut, threads, journal, restored);
    }

    private static RunReport Run(Scenario scenario, CheckpointRequest? cut = null, int threads = 1, string? journal = null, RestoredRun? restored = null)
    {
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario, Smoke = true, Threads = threads, JournalToRepeat = journal, Checkpoints = cut, Restored = restored }, control);
    }

    private static Scenario One(string name)
    {
        var scenario = ScenarioFiles.Load(name);
        return scenario with { Variants = [scenario.Variants[0]] };
    }

    private static void Same(RunReport expected, RunReport actual)
    {
        Assert.Equal(expected.Variants.Select(Finding.Of), actual.Variants.Select(Finding.Of));
        Assert.Equal((expected.Digest, expected.EndReason), (actual.Digest, actual.EndReason));
    }
}
