using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>matrix</c>: keys to lists of values, or to mappings of words to values.</summary>
internal static class MatrixReader
{
    /// <param name="node">The key's value, or null.</param>
    /// <param name="profile">Bounds the numbers of vCPUs.</param>
    /// <param name="errors">Takes what is wrong.</param>
    public static ScenarioMatrix Read(YamlNode? node, LoongArchProfile profile, ErrorList errors)
    {
        if (node is not MappingNode mapping)
        {
            if (node is not null)
            {
                errors.Add(node.Position, $"matrix must be a mapping of names to lists of values, not {node.Kind}");
            }

            return new([]);
        }

        var axes = new List<MatrixAxis>();
        Int128 variants = 1;
        foreach (var (name, values) in mapping.Entries)
        {
            if ((name.Text != MatrixAxis.Vcpus && !ParameterReader.CheckName(name, "matrix", errors)) || Axis(name.Text, values, profile, errors) is not { } axis)
            {
                continue;
            }

            axes.Add(axis);
            variants *= axis.Values.Count;
            if (variants > ScenarioMatrix.MaximumVariants)
            {
                errors.Add(name.Position, $"with {Quoted.Show(name.Text)} the matrix has {variants} variants; at most {ScenarioMatrix.MaximumVariants} are allowed; remove values or split the scenario");
                break;
            }
        }

        if (mapping.Entries.Count == 0)
        {
            errors.Add(mapping.Position, "matrix has no keys; add one or remove matrix");
        }

        return new(axes);
    }

    private static MatrixAxis? Axis(string name, YamlNode node, LoongArchProfile profile, ErrorList errors)
    {
        var path = $"matrix.{name}";
        var values = new List<ParameterValue>();
        var numbers = new HashSet<long>();
        switch (node)
        {
            case SequenceNode list:
                foreach (var item in list.Items)
                {
                    Add(Value(name, item, path, profile, errors), item.Position);
                }

                break;
            case MappingNode choices:
                foreach (var (label, item) in choices.Entries)
                {
                    if (ParameterReader.CheckLabel(label, path, errors) && Value(name, item, $"{path}.{label.Text}", profile, errors) is { } value)
                    {
                        values.Add(value with { Text = label.Text });
                    }
                }

                break;
            case RefusedNode:
                return null;
            default:
                errors.Add(node.Position, $"{path} must be a list such as [1, 2], or a mapping of words to numbers, not {node.Kind}");
                return null;
        }

        if (node is SequenceNode { Items.Count: 0 } or MappingNode { Entries.Count: 0 })
        {
            errors.Add(node.Position, $"{path} has no values; add one or remove the key");
        }

        return values.Count == 0 ? null : new(name, values);

        void Add(ParameterValue? value, TextPosition position)
        {
            if (value is not { } known)
            {
                return;
            }

            if (!numbers.Add(known.Number))
            {
                errors.Add(position, $"{path} has the value {Quoted.Show(known.Text)} twice; remove one");
                return;
            }

            values.Add(known);
        }
    }

    private static ParameterValue? Value(string name, YamlNode node, string path, LoongArchProfile profile, ErrorList errors)
    {
        if (name != MatrixAxis.Vcpus)
        {
            return ParameterReader.Value(node, path, errors);
        }

        if (node is not ScalarNode scalar)
        {
            errors.Add(node.Position, $"{path} must be a whole number from {MachineSection.MinimumVcpus} to {MachineSection.MaximumVcpus}, not {node.Kind}");
            return null;
        }

        if (ScalarReader.Integer(scalar, path, MachineSection.MinimumVcpus, MachineSection.MaximumVcpus, errors) is not { } vcpus)
        {
            return null;
        }

        if (MachineSection.ProblemOf(vcpus, profile) is { } problem)
        {
            errors.Add(scalar.Position, $"{path} {problem}");
            return null;
        }

        return new(scalar.Text, (long)vcpus);
    }
}
