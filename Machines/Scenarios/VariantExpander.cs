using Trapline.Actors.Kernel;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>The product of the matrix, in the order of the file, the first key slowest.</summary>
internal static class VariantExpander
{
    public static IReadOnlyList<ScenarioVariant> Expand(ScenarioFile file, MigrationList? migrations, ScenarioOverrides overrides)
    {
        var axes = file.Matrix.Axes;
        var chosen = new int[axes.Count];
        var variants = new List<ScenarioVariant>();
        int axis;
        do
        {
            variants.Add(Variant(file, migrations, chosen, overrides));
            for (axis = axes.Count - 1; axis >= 0 && ++chosen[axis] == axes[axis].Choices.Count; axis--)
            {
                chosen[axis] = 0;
            }
        }
        while (axis >= 0);

        return variants;
    }

    private static ScenarioVariant Variant(ScenarioFile file, MigrationList? migrations, int[] chosen, ScenarioOverrides overrides)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var constants = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, value) in file.Guest.Parameters)
        {
            (texts[name], constants[name]) = (value.Text, value.Number);
        }

        var machine = file.Machine;
        var words = new Dictionary<string, string>();
        var costs = new List<CostOverride>();
        var names = new List<string>();
        for (var i = 0; i < chosen.Length; i++)
        {
            var axis = file.Matrix.Axes[i];
            var choice = axis.Choices[chosen[i]];
            names.Add($"{axis.Name}={choice.Text}");
            machine = choice.Machine.ApplyTo(machine);
            costs.AddRange(choice.Costs);
            migrations = choice.Migrations ?? migrations;
            foreach (var (name, value) in choice.Parameters)
            {
                (texts[name], constants[name]) = (value.Text, value.Number);
            }

            texts[axis.Name] = choice.Text;
            if (axis.IsText)
            {
                words[axis.Name] = choice.Text;
            }
        }

        var until = overrides.Until ?? file.Length.Until;
        var bound = new Dictionary<string, long>(constants) { [MatrixAxis.Vcpus] = machine.Vcpus ?? 0, [MachinesSection.Key] = file.Machines?.Count ?? 1, [HostsSection.Key] = machine.Hosts?.Count ?? 1 };
        foreach (var key in MachineChange.WordKeys)
        {
            words[key] = machine.WordOf(key);
        }

        return new()
        {
            Name = names.Count == 0 ? file.Name : string.Join(' ', names),
            Parameters = texts,
            Constants = constants,
            Vcpus = machine.Vcpus ?? 0,
            Board = machine.Board,
            Profile = machine.Profile,
            Machine = machine.ToSettings(),
            Machines = file.Machines is { } machines ? new(machines.Count, machines.Link.Latency) : null,
            Costs = costs,
            LinkLatency = machine.Link.Latency,
            Migrations = migrations is null ? null : [.. migrations.Plans.Select(plan => plan with { Bandwidth = machine.Link.Bandwidth.BytesPerSecond })],
            WrittenMigrations = migrations,
            WrittenHosts = machine.Hosts,
            Until = until,
            WrittenUntil = file.Length.Until,
            Smoke = file.Length.Smoke is { } smoke ? VirtualTime.Min(smoke, until) : null,
            Limits = new SimulationLimits
            {
                Actors = file.Limits.Actors,
                Messages = file.Limits.Messages,
                MemoryBytes = file.Limits.Memory.Bytes,
                MessagesAtOneInstant = file.Limits.Instant,
            },
            Expectations = [.. file.Expect.Select(expectation => expectation.For(bound, words))],
        };
    }
}
