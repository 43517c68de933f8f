using System.Diagnostics;
using System.Globalization;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>
/// A VM that migrates does what it does undisturbed, wherever its guest is when it is stopped. Both runs go on until the guest ends
/// them, so that whole sequences are compared: see <see cref="PointJudge"/>, and <see cref="TimeDependence"/> for what is not.
/// </summary>
[Trait("Runs", "Once")]
public sealed class MigrationPointsTests(ITestOutputHelper output)
{
    /// <summary>How many points over all scenarios, vCPUs up to 256; else a few with few vCPUs.</summary>
    private const string Points = "TRAPLINE_MIGRATION_POINTS";

    private const int UsualPointsOfScenario = 4;
    private const int UsualVcpus = 4;
    private const int Halvings = 6;

    private static readonly int Wanted = int.TryParse(Environment.GetEnvironmentVariable(Points), NumberStyles.None, CultureInfo.InvariantCulture, out var points) ? points : 0;

    /// <summary>Those whose machine may have a second host: several machines, and one on several modelled hosts, may not.</summary>
    public static TheoryData<string> Scenarios =>
        [.. ScenarioFiles.Names().Select(row => row.Data).Where(name => ScenarioFiles.Load(name).Variants.All(variant => variant.Machines is null && variant.Machine.Hosts is null))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_guest_does_not_notice_that_it_migrates(string name)
    {
        var watch = Stopwatch.StartNew();
        var machines = Machines(name);
        var draws = new PointDraws(name);
        var share = Wanted == 0 ? UsualPointsOfScenario : Wanted / Scenarios.Count;
        List<string> problems = [];
        var (held, tooShort, migrations) = (0, 0, 0);
        for (var n = 0; n < share; n++)
        {
            var machine = machines[n % machines.Count];
            var completed = Check(machine, draws, problems);
            held += completed > 0 ? 1 : 0;
            tooShort += completed > 0 ? 0 : 1;
            migrations += completed;
        }

        output.WriteLine($"{name}: {held} points, {migrations} migrations, {machines.Count} machines, {tooShort} ended before they could, {problems.Count} problems, {watch.Elapsed.TotalSeconds:F1} s");
        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(20)));
    }

    /// <summary>Returns the number of migrations that were completed.</summary>
    private static int Check(PointMachine machine, PointDraws draws, List<string> problems)
    {
        var undisturbed = machine.Undisturbed;
        var plans = draws.Next(undisturbed.End);
        for (var halving = 0; ; halving++)
        {
            var run = machine.Run(plans, sequences: true);
            var completed = run.Report.Migrations.Count(row => row.Outcome == "completed");
            if (completed == 0 && run.Report.EndReason == undisturbed.Report.EndReason && halving < Halvings)
            {
                plans = [.. plans.Take(1).Select(plan => plan with { At = new(plan.At.Picoseconds / 2) })];
                continue;
            }

            problems.AddRange(PointJudge.Problems(machine, run).Select(problem => $"{machine.Name} at {string.Join(" and ", plans.Select(plan => plan.At))}: {problem}"));
            return completed;
        }
    }

    private static List<PointMachine> Machines(string name)
    {
        var scenario = ScenarioFiles.Load(name);
        ScenarioVariant[] variants =
        [
            .. scenario.Variants.Where(variant => variant.Machine.Hypervisor == Hypervisor.Kvm && (variant.Migrations ?? []).All(plan => plan.TransferFaults.Count == 0) && !Loses(variant)),
        ];
        if (Wanted == 0)
        {
            var least = Math.Min(UsualVcpus, variants.Max(variant => variant.Vcpus));
            var few = variants.Where(variant => variant.Vcpus == least).ToArray();
            variants = few.Length > 0 ? few : [.. variants.Select(variant => variant with { Vcpus = UsualVcpus })];
        }

        return [.. variants.SelectMany(IrqchipsOf, (variant, irqchip) => new PointMachine(scenario, variant, irqchip))];
    }

    /// <summary>
    /// What a guest has written into a pending table before it enables LPIs is lost under KVM: SAVE_PENDING_TABLES writes the latches over it (gicv3-its
    /// 9.5). kvm-unit-tests' test migrates after that, and so does its scenario.
    /// </summary>
    private static bool Loses(ScenarioVariant variant) => variant.Name.Contains("its-pending-migration", StringComparison.Ordinal);

    /// <summary>A GIC is in the kernel alone.</summary>
    private static Irqchip[] IrqchipsOf(ScenarioVariant variant) => variant.Board == Board.ArmVirt ? [Irqchip.Kernel] : [Irqchip.Kernel, Irqchip.User];
}
