using System.Text.Json;
using Trapline.Actors.Migration;
using Trapline.Machines.Boards;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>The first law holds while a VM is on its way: neither threads, nor windows, nor a save in the middle change what is found.</summary>
[Trait("Runs", "Once")]
public sealed class MigrationDeterminismTests
{
    /// <summary>Cuts in each step of a migration.</summary>
    private const int CutsOfStep = 2;

    public static TheoryData<string, int> Machines
    {
        get
        {
            var machines = new TheoryData<string, int>();
            foreach (var name in new[] { "ipi-pingpong", "migration-demo", "msi-storm", "timer-tick", "uart", "vmexit" })
            {
                machines.Add(name, (int)Irqchip.Kernel);
                machines.Add(name, (int)Irqchip.User);
            }

            return machines;
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_run_that_is_saved_in_any_step_of_a_migration_finds_the_same(string name, int irqchip)
    {
        var machine = MachineOf(name, irqchip);
        var plans = PlansOf(machine);
        var plain = machine.Run(plans, sequences: false);
        var steps = plain.Report.Migrations.SelectMany(migration => migration.Steps).ToList();
        Assert.NotEmpty(steps);
        foreach (var step in steps)
        {
            for (var cut = 0; cut < CutsOfStep; cut++)
            {
                var at = step.BeginNs + (((step.EndNs ?? step.BeginNs + 1) - step.BeginNs) * (1 + (2 * cut)) / (2 * CutsOfStep));
                Same(plain, machine.Run(plans, sequences: false, cut: new VirtualTime((long)(at * VirtualTime.PerNanosecond))), $"cut at {at} ns, in {step.Step}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Threads_and_windows_change_nothing(string name, int irqchip)
    {
        var machine = MachineOf(name, irqchip);
        var plans = PlansOf(machine);
        var plain = machine.Run(plans, sequences: false);
        Same(plain, machine.Run(plans, sequences: false, threads: 2), "two threads");
        Same(plain, machine.Run(plans, sequences: false, window: new VirtualTime(24_999)), "windows of 24,999 ps");
    }

    /// <summary>The smallest of the scenario.</summary>
    private static PointMachine MachineOf(string name, int irqchip)
    {
        var scenario = ScenarioFiles.Load(name);
        return new PointMachine(scenario, scenario.Variants.Where(variant => variant.Machine.Hypervisor == Hypervisor.Kvm).MinBy(variant => variant.Vcpus)!, (Irqchip)irqchip);
    }

    private static MigrationPlan[] PlansOf(PointMachine machine)
    {
        var end = machine.Undisturbed.End.Picoseconds;
        return [new() { At = new(end / 7) }, new() { At = new(end / 2) }];
    }

    private static void Same(PointRun expected, PointRun actual, string how) =>
        Assert.True(Text(expected) == Text(actual), $"{how}: {actual.Report.Digest} ({actual.Report.EndDetail}) is not {expected.Report.Digest} ({expected.Report.EndDetail})");

    /// <summary>Without the registers that were compared: who watches over invariants begins anew in a restored run, and did not see those before.</summary>
    private static string Text(PointRun run) => JsonSerializer.Serialize(run.Report with
    {
        Windows = 0,
        Migrations = [.. run.Report.Migrations.Select(migration => migration with { RegistersCompared = 0, RegistersChanged = 0, Registers = [] })],
    });
}
