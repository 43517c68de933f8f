using Trapline.Machines.Boards;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>Reads one value of an axis of the matrix.</summary>
internal sealed class MatrixChoiceReader(BoardKind? board, IReadOnlyCollection<string> parameters, MigrationReader migrations, ErrorList errors)
{
    private const string CostsKey = "costs";

    private readonly string[] _keys = [.. MachineChange.Keys, CostsKey, MigrationReader.Key, .. parameters];

    /// <summary>What a choice changes, by key.</summary>
    public static IEnumerable<string> KeysOf(MatrixChoice choice)
    {
        var machine = choice.Machine;
        (string Key, bool Set)[] keys =
        [
            ("vcpus", machine.Vcpus is not null), ("profile", machine.Profile is not null), ("hypervisor", machine.Hypervisor is not null),
            ("irqchip", machine.Irqchip is not null), ("bigLock", machine.BigLock is not null), ("msi", machine.Msi is not null), ("paravirt", machine.Paravirt is not null),
            (MachineChange.InterruptsKey, machine.Interrupts is not null), (MachineChange.QuirksKey, machine.Quirks is not null), (HostsSection.Key, machine.Hosts is not null), (MigrationReader.Key, choice.Migrations is not null),
        ];
        return [.. keys.Where(key => key.Set).Select(key => key.Key), .. machine.Link?.Keys() ?? [], .. choice.Parameters.Keys, .. choice.Costs.Select(cost => $"{CostsKey}.{cost.Name}")];
    }

    /// <summary>A value of an axis that is named after what it varies; null after an error.</summary>
    public MatrixChoice? Value(ScalarNode axis, YamlNode node, string path)
    {
        if (!MachineChange.AxisKeys.Contains(axis.Text))
        {
            return ParameterReader.Value(node, path, errors) is { } value
                ? new(value.Text) { Parameters = new Dictionary<string, ParameterValue> { [axis.Text] = value } }
                : null;
        }

        // Read as if it stood in machine: one reader for a key, wherever its value is.
        var parent = path[..path.IndexOf('.', StringComparison.Ordinal)];
        var single = MappingReader.Open(new MappingNode(node.Position, [new(axis, node)]), parent, MachineChange.AxisKeys, [], errors);
        var change = MachineChange.Read(single!, board);
        return change == new MachineChange() ? null : new(((ScalarNode)node).Text) { Machine = change };
    }

    /// <summary>A choice that is a mapping of keys; null after an error that leaves nothing of it.</summary>
    public MatrixChoice? Mapping(ScalarNode label, YamlNode node, string path)
    {
        if (MappingReader.Open(node, path, _keys, [], errors) is not { } reader)
        {
            return null;
        }

        var values = new Dictionary<string, ParameterValue>();
        foreach (var name in parameters)
        {
            if (reader.Find(name) is { } value && ParameterReader.Value(value, $"{path}.{name}", errors) is { } known)
            {
                values[name] = known;
            }
        }

        return new(label.Text)
        {
            Machine = MachineChange.Read(reader, board),
            Parameters = values,
            Costs = Costs(reader),
            Migrations = migrations.Read(reader.Find(MigrationReader.Key), reader.PathOf(MigrationReader.Key)),
        };
    }

    private List<CostOverride> Costs(MappingReader choice)
    {
        var path = choice.PathOf(CostsKey);
        var costs = new List<CostOverride>();
        if (MappingReader.Open(choice.Find(CostsKey), path, CostNames.Costs, [], errors) is { } section)
        {
            foreach (var name in CostNames.Costs)
            {
                if (section.Duration(name, VirtualTime.Zero) is { } value)
                {
                    costs.Add(new(name, value, $"{path}.{name}", section.Find(name)!.Position));
                }
            }
        }

        return costs;
    }
}
