using System.Globalization;
using System.Text.RegularExpressions;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Devices.LoongArch.Transfer;
using Trapline.Machines.Boards;
using Trapline.Machines.Results.Migrations;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// Whatever is done to a group of state on its way: the destination refuses it, or what came of it is found and named, or it is without
/// consequence, and then the guest counts what it would have counted. There is no fourth way.
/// </summary>
[Trait("Runs", "Once")]
public sealed class TransferFaultTests(ITestOutputHelper output)
{
    private const int Alterations = 6;

    /// <summary>IPIs, messages and timers are under way, whichever group is broken.</summary>
    private static readonly VirtualTime[] Points = [VirtualTime.FromNanoseconds(300_000), VirtualTime.FromNanoseconds(1_234_567)];

    private static readonly Dictionary<Irqchip, string> Undisturbed = Enum.GetValues<Irqchip>().ToDictionary(irqchip => irqchip, irqchip => MigratedRun.Of(irqchip).Counts);

    private static readonly StateGroup[] ControlSteps = [StateGroup.EiointcLoadFinished, StateGroup.Irqfds];

    private static readonly StateGroup[] UserGroups =
    [
        StateGroup.VcpuRegisters, StateGroup.VcpuControl, StateGroup.Counter, StateGroup.VcpuTimer, StateGroup.Devices, StateGroup.Memory,
    ];

    public static TheoryData<StateGroup, Irqchip> Rows()
    {
        var rows = new TheoryData<StateGroup, Irqchip>();
        foreach (var group in GroupsOf(Irqchip.Kernel))
        {
            rows.Add(group, Irqchip.Kernel);
            if (UserGroups.Contains(group))
            {
                rows.Add(group, Irqchip.User);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_fault_of_a_transfer_is_refused_or_named_or_without_consequence(StateGroup group, Irqchip irqchip)
    {
        var failures = new List<string>();
        foreach (var fault in FaultsOf(group))
        {
            foreach (var at in Points)
            {
                string ending;
                try
                {
                    ending = EndingOf(fault, irqchip, at, failures);
                }
                catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
                {
                    ending = "EXCEPTION " + failure.Message;
                    failures.Add($"{MigrationRows.TextOf(fault)} at {at}: {ending}");
                }

                output.WriteLine($"{irqchip} {MigrationRows.TextOf(fault)} at {at}: {ending}");
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public void The_manual_says_what_each_group_that_is_left_out_leads_to()
    {
        var rows = GroupsOf(Irqchip.Kernel).SelectMany(group => new[] { RowOf(group, Irqchip.Kernel), UserGroups.Contains(group) ? RowOf(group, Irqchip.User) : null }).OfType<string>();
        var table = string.Join('\n', ["| left out | irqchip | where the registers differ | the guest |", "| --- | --- | --- | --- |", .. rows]);
        var manual = File.ReadAllText(Path.Combine(ScenarioFiles.Folder, "..", "docs", "manual", "migration.md"));

        Assert.True(manual.Contains(table + "\n", StringComparison.Ordinal), $"docs/manual/migration.md should have this table:\n{table}");
    }

    private static string RowOf(StateGroup group, Irqchip irqchip)
    {
        var run = MigratedRun.Of(irqchip, new MigrationPlan { At = Points[1], TransferFaults = [new(TransferFaultKind.Omit, group)] });
        var kinds = run.Noticed.Select(actor => Regex.Replace(actor, @"^machine1\.|\d+$", "")).Distinct().Select(kind => $"`{kind}`");
        var guest = run.Exit is null ? "never comes to its exit" : run.Counts == Undisturbed[irqchip] ? "comes to its exit, nothing is missing" : "comes to its exit with other counts";
        return $"| `{MigrationRules.WordOf(group)}` | `{irqchip.ToString().ToLower(CultureInfo.InvariantCulture)}` | {(run.Noticed.Count == 0 ? "nowhere that matters" : string.Join(", ", kinds))} | {guest} |";
    }

    private static string EndingOf(TransferFault fault, Irqchip irqchip, VirtualTime at, List<string> failures)
    {
        var run = MigratedRun.Of(irqchip, new MigrationPlan { At = at, TransferFaults = [fault] });
        var result = run.Results[0];
        var isWhole = run.Exit is not null && run.Counts == Undisturbed[irqchip];
        var where = $"{MigrationRows.TextOf(fault)} at {at}";
        switch (result.Outcome)
        {
            case MigrationOutcome.Refused when isWhole && run.Violations.Count == 0 && result.RunsAt == 0 && run.Left.Count == 0:
                return $"refused ({(StateGroup)result.Refused})";
            case MigrationOutcome.Completed when run.Violations.Count > 0 && run.FaultsNamed:
                return $"violation ({run.Violations[0]})";
            case MigrationOutcome.Completed when isWhole && run.Violations.Count == 0:
                return "nothing";
            default:
                var text = $"{where}: {result.Outcome} in {result.EndedIn}, {run.Ending}, {(isWhole ? "whole" : "counts differ")}, violations: {string.Join(" / ", run.Violations)}";
                failures.Add(text);
                return "FAILS: " + text;
        }
    }

    private static IEnumerable<TransferFault> FaultsOf(StateGroup group)
    {
        yield return new(TransferFaultKind.Omit, group);
        if (group == StateGroup.Memory)
        {
            yield return new(TransferFaultKind.Stale, group);
            yield break;
        }

        yield return new(TransferFaultKind.First, group);
        yield return new(TransferFaultKind.Last, group);
        if (ControlSteps.Contains(group))
        {
            yield break;
        }

        if (group is not (StateGroup.Routing or StateGroup.Devices))
        {
            yield return new(TransferFaultKind.Stale, group);
        }

        for (var seed = 0UL; seed < Alterations; seed++)
        {
            yield return new(TransferFaultKind.Alter, group, Draw(group, seed, 0, ItemsOf(group)), Draw(group, seed, 1, group == StateGroup.VcpuRegisters ? 2 : 4), (byte)(1 << Draw(group, seed, 2, 8)));
        }
    }

    private static int ItemsOf(StateGroup group)
    {
        var table = LoongArchState.TableOf(2, controllersInKernel: true, hasStealTime: true);
        var items = Enumerable.Range(0, table.Count).Count(index => table[index].Group == group);
        return items > 0 ? items : 2;
    }

    private static int Draw(StateGroup group, ulong seed, ulong what, int below) =>
        (int)CounterRandom.DrawBelow((ulong)below, (ulong)group, default, RandomPurpose.PathJitter, (seed * 4) + what);

    private static IEnumerable<StateGroup> GroupsOf(Irqchip irqchip) =>
        Enum.GetValues<StateGroup>().Where(group => group is > StateGroup.None and <= StateGroup.Memory and not StateGroup.VcpuStealTime && (irqchip == Irqchip.Kernel || UserGroups.Contains(group)));
}
