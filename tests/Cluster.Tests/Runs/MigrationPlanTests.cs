using Trapline.Actors.Migration;
using Trapline.Cluster.Runs;
using Trapline.Devices.Common.Transfer;
using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs;

/// <summary>What a plan of migrations changes before anything migrates: the fingerprint of a run, and what the user is warned of.</summary>
public sealed class MigrationPlanTests
{
    private static readonly MigrationPlan Plan = new() { At = VirtualTime.FromNanoseconds(90_000_000) };

    public static TheoryData<string> Changes => [.. All.Keys];

    private static readonly Dictionary<string, Func<ScenarioVariant, ScenarioVariant>> All = new()
    {
        ["no second host"] = variant => variant with { Migrations = null },
        ["nobody goes there"] = variant => variant with { Migrations = [] },
        ["once more"] = variant => variant with { Migrations = [Plan, Plan with { At = Plan.At + new VirtualTime(1) }] },
        ["latency"] = variant => variant with { LinkLatency = variant.LinkLatency + new VirtualTime(1) },
        ["bandwidth"] = With(plan => plan with { Bandwidth = plan.Bandwidth + 1 }),
        ["at"] = With(plan => plan with { At = plan.At + new VirtualTime(1) }),
        ["downtimeLimit"] = With(plan => plan with { DowntimeLimit = new(1) }),
        ["maxRounds"] = With(plan => plan with { MaximumRounds = 1 }),
        ["notConverging"] = With(plan => plan with { NotConverging = Convergence.Cancel }),
        ["stepTimeout"] = With(plan => plan with { StepTimeout = new(1) }),
        ["cancelAt"] = With(plan => plan with { CancelAt = plan.At + new VirtualTime(1) }),
        ["fail"] = With(plan => plan with { Failure = new(MigrationSide.Source, MigrationStep.Setup) }),
        ["fail.side"] = With(plan => plan with { Failure = new(MigrationSide.Link, MigrationStep.Setup) }),
        ["fail.step"] = With(plan => plan with { Failure = new(MigrationSide.Source, MigrationStep.Load) }),
        ["tamper"] = Tampered(new(TransferFaultKind.Alter, StateGroup.VcpuControl)),
        ["tamper.fault"] = Tampered(new(TransferFaultKind.Omit, StateGroup.VcpuControl)),
        ["tamper.group"] = Tampered(new(TransferFaultKind.Alter, StateGroup.VcpuTimer)),
        ["tamper.item"] = Tampered(new(TransferFaultKind.Alter, StateGroup.VcpuControl, Item: 1)),
        ["tamper.byte"] = Tampered(new(TransferFaultKind.Alter, StateGroup.VcpuControl, Byte: 1)),
        ["tamper.bits"] = Tampered(new(TransferFaultKind.Alter, StateGroup.VcpuControl, Bits: 2)),
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Every_key_of_a_migration_and_of_its_link_is_in_the_fingerprint(string change)
    {
        var others = All.Where(other => other.Key != change).Select(other => FingerprintOf(other.Value)).Append(FingerprintOf(variant => variant)).ToList();

        Assert.DoesNotContain(FingerprintOf(All[change]), others);
    }

    [Fact]
    public void A_migration_that_the_run_did_not_live_to_see_is_warned_of()
    {
        using var control = new RunControl();
        var report = RunSession.Run(new RunRequest { Scenario = Planned(variant => variant), Threads = 1 }, control);

        Assert.Contains($"{report.Variants[0].Name}: 1 of 1 planned migrations did not begin before the run ended", report.Warnings);
        Assert.Empty(report.Variants[0].Migrations);
    }

    private static Func<ScenarioVariant, ScenarioVariant> With(Func<MigrationPlan, MigrationPlan> change) => variant => variant with { Migrations = [change(Plan)] };

    private static Func<ScenarioVariant, ScenarioVariant> Tampered(TransferFault fault) => With(plan => plan with { TransferFaults = [fault] });

    private static string FingerprintOf(Func<ScenarioVariant, ScenarioVariant> change)
    {
        var scenario = Planned(change);
        return RunFingerprint.Of([VariantPlan.Of(scenario, scenario.Variants[0])], smoke: false);
    }

    private static Scenario Planned(Func<ScenarioVariant, ScenarioVariant> change)
    {
        var scenario = ScenarioFiles.Load("ipi-pingpong");
        return scenario with { Variants = [change(scenario.Variants[0] with { Migrations = [Plan] })] };
    }
}
