using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>matrix</c>: keys to lists of values, to mappings of words to values, or to mappings of words to what each changes.</summary>
/// <param name="board">Whose profiles there are; null where it is not known.</param>
/// <param name="profile">Bounds the numbers of vCPUs; null where the matrix varies the profile: then each variant is judged, once all are known.</param>
/// <param name="parameters">Names of the parameters that <c>guest</c> gives: a choice that is a mapping may change these.</param>
/// <param name="migrations">Reads those of a choice.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class MatrixReader(BoardKind? board, IProfile? profile, IReadOnlyCollection<string> parameters, MigrationReader migrations, ErrorList errors)
{
    private readonly MatrixChoiceReader _choices = new(board, parameters, migrations, errors);

    // What is varied so far, and by which axis.
    private readonly Dictionary<string, string> _varied = [];

    /// <summary>True for the form in which each choice is a mapping of keys: then the axis has a word, not a number.</summary>
    public static bool HasMappings(YamlNode? axis) => axis is MappingNode choices && choices.Entries.Any(entry => entry.Value is MappingNode);

    /// <summary>True if an axis, or each choice of an axis that is a mapping, gives the key of <c>machine</c>; <paramref name="always"/> false: any choice.</summary>
    public static bool Gives(YamlNode? matrix, string key, bool always) => matrix is MappingNode mapping && mapping.Entries.Any(axis =>
        axis.Key.Text == key
        || (HasMappings(axis.Value) && (always
            ? ((MappingNode)axis.Value).Entries.All(choice => (choice.Value as MappingNode)?.Find(key) is not null)
            : ((MappingNode)axis.Value).Entries.Any(choice => (choice.Value as MappingNode)?.Find(key) is not null))));

    /// <param name="node">The key's value, or null.</param>
    public ScenarioMatrix Read(YamlNode? node)
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
            if ((!MachineChange.Keys.Contains(name.Text) && name.Text != MigrationReader.Key && !ParameterReader.CheckName(name, "matrix", errors)) || Axis(name, values) is not { } axis)
            {
                continue;
            }

            axes.Add(axis);
            variants *= axis.Choices.Count;
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

    private MatrixAxis? Axis(ScalarNode name, YamlNode node)
    {
        var path = $"matrix.{name.Text}";
        if (node is RefusedNode)
        {
            return null;
        }

        if (name.Text == MachineChange.QuirksKey)
        {
            errors.Add(name.Position, $"matrix.{MachineChange.QuirksKey} is no axis, for a machine has a list of them; name an axis of your own and put the list into its choices: bug: {{none: {{}}, v5: {{quirks: [second-bitmap]}}}}");
            return null;
        }

        if (name.Text == MachineChange.InterruptsKey)
        {
            errors.Add(name.Position, $"matrix.{MachineChange.InterruptsKey} is no axis; name an axis of your own and put the number into its choices: spis: {{few: {{interrupts: 64}}, many: {{interrupts: 992}}}}");
            return null;
        }

        if (name.Text == LinkChange.Key)
        {
            errors.Add(name.Position, $"matrix.{LinkChange.Key} is no axis, for a link has several keys; name an axis of your own and put them into its choices: network: {{slow: {{link: {{bandwidth: 1Gbit/s}}}}, fast: {{link: {{bandwidth: 25Gbit/s}}}}}}");
            return null;
        }

        if (name.Text == HostsSection.Key)
        {
            errors.Add(name.Position, $"matrix.{HostsSection.Key} is no axis, for it has several keys; name an axis of your own and put them into its choices: place: {{one: {{hosts: {{count: 1}}}}, four: {{hosts: {{count: 4, latency: 2us}}}}}}");
            return null;
        }

        if (name.Text == MigrationReader.Key)
        {
            errors.Add(name.Position, $"matrix.{MigrationReader.Key} is no axis, for a scenario has a list of them; name an axis of your own and put the list into its choices: state: {{whole: {{}}, without: {{migrations: [{{at: 1ms, tamper: [{{fault: omit, group: eiointc-core-isr}}]}}]}}}}");
            return null;
        }

        if (node is SequenceNode { Items.Count: 0 } or MappingNode { Entries.Count: 0 })
        {
            errors.Add(node.Position, $"{path} has no values; add one or remove the key");
            return null;
        }

        var isText = MachineChange.WordKeys.Contains(name.Text);
        var hasMappings = HasMappings(node);
        if (hasMappings && MachineChange.Keys.Contains(name.Text))
        {
            errors.Add(name.Position, $"{Quoted.Show(name.Text)} is a key of machine: its values are a list; an axis whose values are mappings has a name of its own, such as scheme");
            return null;
        }

        var choices = node switch
        {
            SequenceNode list => List(name, list, path),
            MappingNode mapping when hasMappings => Mappings(mapping, path),
            MappingNode mapping when !isText => Words(name, mapping, path),
            _ => null,
        };
        if (choices is null)
        {
            var form = isText ? $"a list such as [{string.Join(", ", MachineChange.WordsOf(name.Text).Take(2))}]" : "a list such as [1, 2], or a mapping of words to numbers";
            errors.Add(node.Position, $"{path} must be {form}, not {node.Kind}");
            return null;
        }

        var whole = new MatrixAxis(name.Text, isText || hasMappings, choices);
        return choices.Count > 0 && CheckAlone(name, whole) ? whole : null;
    }

    private List<MatrixChoice> List(ScalarNode name, SequenceNode list, string path)
    {
        var choices = new List<MatrixChoice>();
        var seen = new HashSet<object>();
        foreach (var item in list.Items)
        {
            if (_choices.Value(name, item, path) is not { } choice || !CheckVcpus(choice, path, item.Position))
            {
                continue;
            }

            // Two ways to write one number are one value; two words are not.
            object key = choice.Parameters.TryGetValue(name.Text, out var value) ? value.Number : choice.Machine;
            if (!seen.Add(key))
            {
                errors.Add(item.Position, $"{path} has the value {Quoted.Show(choice.Text)} twice; remove one");
                continue;
            }

            choices.Add(choice);
        }

        return choices;
    }

    private List<MatrixChoice> Words(ScalarNode name, MappingNode mapping, string path)
    {
        var choices = new List<MatrixChoice>();
        foreach (var (label, item) in mapping.Entries)
        {
            var place = $"{path}.{label.Text}";
            if (ParameterReader.CheckLabel(label, path, errors) && _choices.Value(name, item, place) is { } choice && CheckVcpus(choice, place, item.Position))
            {
                choices.Add(choice with { Text = label.Text });
            }
        }

        return choices;
    }

    private List<MatrixChoice> Mappings(MappingNode mapping, string path)
    {
        var choices = new List<MatrixChoice>();
        foreach (var (label, item) in mapping.Entries)
        {
            var place = $"{path}.{label.Text}";
            if (ParameterReader.CheckLabel(label, path, errors) && _choices.Mapping(label, item, place) is { } choice && CheckVcpus(choice, $"{place}.vcpus", item.Position))
            {
                choices.Add(choice);
            }
        }

        return choices;
    }

    private bool CheckVcpus(MatrixChoice choice, string path, TextPosition position)
    {
        if (choice.Machine.Vcpus is not { } vcpus || profile is null || MachineSection.ProblemOf(vcpus, profile) is not { } problem)
        {
            return true;
        }

        errors.Add(position, $"{path} {problem}");
        return false;
    }

    /// <summary>Of two axes that change the same thing the later one would win in silence.</summary>
    private bool CheckAlone(ScalarNode name, MatrixAxis axis)
    {
        foreach (var key in axis.Choices.SelectMany(MatrixChoiceReader.KeysOf).Prepend(axis.Name).Distinct())
        {
            if (_varied.TryGetValue(key, out var other))
            {
                errors.Add(name.Position, $"matrix.{axis.Name} varies {Quoted.Show(key)}, which matrix.{other} varies already; remove one");
                return false;
            }
        }

        foreach (var key in axis.Choices.SelectMany(MatrixChoiceReader.KeysOf).Prepend(axis.Name).Distinct())
        {
            _varied.Add(key, axis.Name);
        }

        return true;
    }
}
