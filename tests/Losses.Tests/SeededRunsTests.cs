using System.Diagnostics;
using System.Globalization;
using Trapline.Cluster.Chaos;
using Trapline.Messages;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>
/// Runs under losses at points that a seed chooses: each finds what the undisturbed run finds. 20 runs in CI, else 4, or as many as the variable
/// <c>TRAPLINE_LOSSES</c> says, on the same three nodes one after the other.
/// </summary>
public sealed class SeededRunsTests(ITestOutputHelper output)
{
    private const int RunsInCi = 20;
    private const int RunsElsewhere = 4;

    private static readonly VirtualTime Length = VirtualTime.FromNanoseconds(600_000);

    /// <summary>Each kind alone and with others; moves in between.</summary>
    private static readonly string[] Plans =
    [
        "kill:1,move:2", "holder:1,move:1", "cut:1,move:1", "pause:2,move:1", "deaf:1,move:1", "freeze:1,move:1", "database:1,move:2", "kill:1,pause:1,database:1",
        "holder:1,cut:1", "kill:2,move:1",
    ];

    [Fact]
    public void Runs_under_losses_find_what_undisturbed_ones_find()
    {
        var runs = int.TryParse(Environment.GetEnvironmentVariable("TRAPLINE_LOSSES"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked
            : Environment.GetEnvironmentVariable("CI") == "true" ? RunsInCi
            : RunsElsewhere;
        var length = Rack.Undisturbed(Length).LengthPs;
        using var cluster = new TestCluster(3);
        using var database = new SqliteLock(cluster.File);
        var begun = Stopwatch.GetTimestamp();
        var (done, again) = (0, 0);
        for (var seed = 1; seed <= runs; seed++)
        {
            var plan = ChaosPlan.Parse($"{Plans[seed % Plans.Length]}@{seed}", out var problem);
            Assert.True(plan is not null, problem);
            var since = Stopwatch.GetTimestamp();
            cluster.Local.WaitUntilWhole(TestCluster.Patience);
            var run = cluster.Submit(Length);
            var events = new ChaosRunner(cluster.Local, database).Follow(run, plan.Actions(3), [length], Rack.Machines, TestCluster.Patience, TestContext.Current.CancellationToken);
            cluster.Check(run, Length);
            done += events.Count(each => each.AtPs >= 0);
            again += cluster.Client.Status(run)!.Jobs[0].Attempt - 1;
            output.WriteLine($"{plan}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s, {cluster.Client.Status(run)!.Jobs[0].Attempt} attempts");
            foreach (var each in events)
            {
                output.WriteLine($"    at {each.AtPs / 1_000_000} us: {each.Text}{(each.Recovery is { } time ? $"; went on after {time.TotalSeconds:0.0} s, {each.LostPs / 1_000_000} us computed again" : "")}");
            }
        }

        output.WriteLine($"{runs} runs in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s, {done} losses and moves, {again} attempts begun again");
        // A plan whose actions all come too late, or hurt nobody, would test nothing.
        Assert.True(done >= runs && again >= runs / 5, $"{done} actions done, {again} attempts begun again");
    }
}
