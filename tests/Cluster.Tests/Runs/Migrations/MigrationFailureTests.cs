using System.Globalization;
using System.Text.RegularExpressions;
using Trapline.Actors.Migration;
using Trapline.Machines.Boards;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// A migration that fails, or is cancelled, leaves exactly one VM that can run; its guest comes to the exit and the counts of one
/// that nothing happened to, nothing is left at the other host, and the next migrations work, there and back.
/// </summary>
[Trait("Runs", "Once")]
public sealed class MigrationFailureTests(ITestOutputHelper output)
{
    private static readonly VirtualTime At = VirtualTime.FromNanoseconds(300_000);

    /// <summary>Longer than any step of this machine, and short enough that a guest still runs when it is over.</summary>
    private static readonly VirtualTime StepTimeout = VirtualTime.FromNanoseconds(1_000_000);

    private static readonly Dictionary<Irqchip, string> Undisturbed = Enum.GetValues<Irqchip>().ToDictionary(irqchip => irqchip, irqchip => MigratedRun.Of(irqchip).Counts);

    public static TheoryData<MigrationSide, MigrationStep, Irqchip> Rows()
    {
        var rows = new TheoryData<MigrationSide, MigrationStep, Irqchip>();
        foreach (var side in Enum.GetValues<MigrationSide>())
        {
            foreach (var step in Enum.GetValues<MigrationStep>().Where(step => step != MigrationStep.Done))
            {
                rows.Add(side, step, Irqchip.Kernel);
                rows.Add(side, step, Irqchip.User);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void After_a_failure_one_host_runs_the_VM_and_it_can_migrate_again(MigrationSide side, MigrationStep step, Irqchip irqchip)
    {
        var run = MigratedRun.Of(
            irqchip,
            new MigrationPlan { At = At, Failure = new(side, step), StepTimeout = StepTimeout },
            new MigrationPlan { At = At + new VirtualTime(1) },
            new MigrationPlan { At = At + new VirtualTime(2) });
        var first = run.Results[0];
        var isThere = step == MigrationStep.Resume && side != MigrationSide.Destination;

        CheckWhole(run, irqchip, 3);
        output.WriteLine($"{side} {step} {irqchip}: {first.Outcome} in {first.EndedIn}, failed {first.Failed}, runs at {first.RunsAt}, after {first.EndedAt - first.Began(MigrationStep.Setup)}");
        Assert.Equal(MigrationOutcome.Failed, first.Outcome);
        Assert.Equal(side, first.Failed);
        Assert.Equal(isThere ? 1 : 0, first.RunsAt);
        Assert.All(run.Results.Skip(1), result => Assert.Equal(MigrationOutcome.Completed, result.Outcome));
        Assert.Equal(isThere ? 1 : 0, run.Holder);
    }

    [Theory]
    [InlineData(Irqchip.Kernel)]
    [InlineData(Irqchip.User)]
    public void Whenever_it_is_cancelled_one_host_runs_the_VM(Irqchip irqchip)
    {
        var whole = MigratedRun.Of(irqchip, new MigrationPlan { At = At }).Results[0];
        var length = (whole.EndedAt - At).Picoseconds + VirtualTime.FromNanoseconds(20_000).Picoseconds;
        var endings = new Dictionary<(MigrationOutcome, MigrationStep), int>();
        for (var seed = 0UL; seed < 100; seed++)
        {
            var after = new VirtualTime((long)CounterRandom.DrawBelow((ulong)length, 7, default, RandomPurpose.PathJitter, seed));
            var run = MigratedRun.Of(irqchip, new MigrationPlan { At = At, CancelAt = At + after }, new MigrationPlan { At = At + new VirtualTime(1) });
            var first = run.Results[0];

            CheckWhole(run, irqchip, 2);
            Assert.True(first.Outcome is MigrationOutcome.Cancelled or MigrationOutcome.Completed, $"{after}: {first.Outcome}");
            Assert.Null(first.Failed);
            Assert.Equal(first.Outcome == MigrationOutcome.Completed ? 1 : 0, first.RunsAt);
            Assert.Equal(MigrationOutcome.Completed, run.Results[1].Outcome);
            endings[(first.Outcome, first.EndedIn)] = endings.GetValueOrDefault((first.Outcome, first.EndedIn)) + 1;
        }

        output.WriteLine(string.Join(", ", endings));
        Assert.Contains((MigrationOutcome.Cancelled, MigrationStep.Save), endings.Keys);
        Assert.Contains((MigrationOutcome.Cancelled, MigrationStep.Load), endings.Keys);
    }

    [Fact]
    public void The_manual_has_a_row_for_each_side_and_step()
    {
        var manual = File.ReadAllText(Path.Combine(ScenarioFiles.Folder, "..", "docs", "manual", "migration.md"));
        var section = manual[manual.IndexOf("\n## Failures", StringComparison.Ordinal)..];
        var documented = Regex.Matches(section, @"^\| `(\w+)` \| `(\w+)` \| ([^|]+) \| host ([01]) \|", RegexOptions.Multiline)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[4].Value));
        var tested = Rows().Select(row => (row.Data.Item1, row.Data.Item2)).Distinct()
            .Select(row => (NameOf(row.Item1), NameOf(row.Item2), row.Item2 == MigrationStep.Resume && row.Item1 != MigrationSide.Destination ? "1" : "0"));

        Assert.Equal(tested, documented);
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLower(CultureInfo.InvariantCulture);

    private static void CheckWhole(MigratedRun run, Irqchip irqchip, int migrations)
    {
        var what = string.Join("; ", run.Results.Select(result => $"{result.Source}: {result.Outcome} in {result.EndedIn} at {result.EndedAt}, failed {result.Failed}"));
        Assert.True(run.Exit is not null, $"no exit: {run.Ending}; {what}");
        Assert.Empty(run.Violations);
        Assert.Equal(Undisturbed[irqchip], run.Counts);
        Assert.True(run.Results.Count == migrations, what);
        Assert.Equal([run.Holder], run.Owners);
        Assert.Equal(run.Results[^1].RunsAt, run.Holder);
        Assert.Empty(run.Left);
    }
}
