using System.Text.RegularExpressions;
using Trapline.Actors.Kernel;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>From the tree of a file to its typed form. Reports every error and answers null if a required part is missing or wrong.</summary>
internal sealed class ScenarioFileReader(MappingReader root)
{
    private static readonly VirtualTime OnePicosecond = new(1);

    private readonly ErrorList _errors = root.Errors;
    private readonly bool _matrixVariesProfile = MatrixReader.Gives(root.Node.Find("matrix")?.Value, "profile", always: false);

    /// <summary>As written, right or wrong: a wrong value is reported once, not again wherever its name is used.</summary>
    private string[] ParameterNames
        => root.Node.Find("guest")?.Value is MappingNode guest && guest.Find("parameters")?.Value is MappingNode parameters
            ? [.. parameters.Entries.Select(entry => entry.Key.Text)]
            : [];

    /// <summary>Those of the scenario, for variants whose choices have none of their own; null where it has no such key.</summary>
    public MigrationList? Migrations { get; private set; }

    public ScenarioFile? Read()
    {
        var name = Name();
        var description = root.Text("description");
        var seed = root.Integer("seed", 0, ulong.MaxValue);
        var machine = Machine();
        var machines = MachinesReader.Read(root);
        var guest = Guest();
        var costs = root.Scalar("costs", "the name of a cost profile")?.Text;
        var length = Length();
        var migrations = new MigrationReader(length?.Until, _errors);
        Migrations = migrations.Read(root.Find(MigrationReader.Key), MigrationReader.Key);
        var matrix = new MatrixReader(machine is null ? null : BoardKind.Of(machine.Board), _matrixVariesProfile ? null : machine?.Profile, ParameterNames, migrations, _errors).Read(root.Find("matrix"));
        var limits = Limits();
        var perturb = Perturb();
        var placement = PlacementReader.Read(root);
        var expect = Expect();
        if (name is null || machine is null || guest is null || costs is null || length is null)
        {
            return null;
        }

        return new()
        {
            Name = name,
            Description = description,
            Seed = (ulong?)seed ?? ScenarioFile.DefaultSeed,
            Machine = machine,
            Machines = machines,
            Guest = guest,
            Costs = costs,
            Length = length,
            Limits = limits,
            Perturb = perturb,
            Matrix = matrix,
            Placement = placement,
            Expect = expect,
        };
    }

    private string? Name()
    {
        var node = root.Scalar("name", "a text");
        if (node is null || (Regex.IsMatch(node.Text, ScenarioFile.NamePattern) && !node.Text.EndsWith('\n')))
        {
            return node?.Text;
        }

        _errors.Add(node.Position, $"name must be lower-case letters, digits and dashes, at most 64, the first no dash; not {node.Kind}");
        return null;
    }

    private MachineSection? Machine()
    {
        if (root.Section("machine", typeof(MachineSection)) is not { } machine)
        {
            return null;
        }

        var board = MachineChange.Enumerated<Board>(machine, "board");
        var kind = board is { } chosen ? BoardKind.Of(chosen) : null;
        var change = MachineChange.Read(machine, kind);
        if (change.Vcpus is { } known && !_matrixVariesProfile && kind is not null && MachineSection.ProblemOf(known, change.Profile ?? kind.Profiles[0]) is { } problem)
        {
            _errors.Add(machine.Find("vcpus")!.Position, $"{machine.PathOf("vcpus")} {problem}");
        }

        if (machine.Node.Find("vcpus") is null && !MatrixReader.Gives(root.Node.Find("matrix")?.Value, "vcpus", always: true))
        {
            _errors.Add(machine.Node.Position, "the key 'vcpus' is missing in machine; add it, or a list of them as matrix.vcpus");
        }

        var section = board is { } built ? change.ApplyTo(new() { Board = built }) : null;
        if (section is not null && kind!.ProblemOf(section.ToSettings()) is { } wrong)
        {
            // What is wrong begins with its key, which is here: of a board's own choice nothing is wrong.
            _errors.Add(machine.Find(wrong[..wrong.IndexOf(' ', StringComparison.Ordinal)])?.Position ?? machine.Node.Position, $"machine.{wrong}");
        }

        return section;
    }

    private GuestSection? Guest()
    {
        if (root.Section("guest", typeof(GuestSection)) is not { } guest)
        {
            return null;
        }

        var file = guest.Text("file");
        var parameters = new Dictionary<string, ParameterValue>();
        var node = guest.Find("parameters");
        if (node is MappingNode mapping)
        {
            foreach (var (name, value) in mapping.Entries)
            {
                if (ParameterReader.CheckName(name, "guest.parameters", _errors)
                    && ParameterReader.Value(value, $"guest.parameters.{name.Text}", _errors) is { } known)
                {
                    parameters.Add(name.Text, known);
                }
            }
        }
        else if (node is not null)
        {
            _errors.Add(node.Position, $"guest.parameters must be a mapping of names to values, not {node.Kind}");
        }

        return file is null ? null : new() { File = file, Parameters = parameters };
    }

    private LengthSection? Length()
    {
        if (root.Section("length", typeof(LengthSection)) is not { } length)
        {
            return null;
        }

        var until = length.Duration("until", OnePicosecond);
        var smoke = length.Duration("smoke", OnePicosecond);
        if (smoke > until)
        {
            _errors.Add(length.Find("smoke")!.Position, $"length.smoke is {smoke}, longer than length.until, {until}; smoke is the shorter run");
        }

        return until is { } end ? new() { Until = end, Smoke = smoke } : null;
    }

    private LimitsSection Limits()
    {
        if (root.Section("limits", typeof(LimitsSection)) is not { } limits)
        {
            return new();
        }

        var memory = limits.Scalar("memory", "a number of bytes") is { } node ? ScalarReader.Bytes(node, limits.PathOf("memory"), _errors) : null;
        return new()
        {
            Actors = (int?)limits.Integer("actors", 1, int.MaxValue) ?? SimulationLimits.DefaultActors,
            Messages = (int?)limits.Integer("messages", 1, int.MaxValue) ?? SimulationLimits.DefaultMessages,
            Memory = new(memory ?? SimulationLimits.DefaultMemoryBytes),
            Instant = (int?)limits.Integer("instant", 1, int.MaxValue) ?? SimulationLimits.DefaultMessagesAtOneInstant,
        };
    }

    private PerturbSection Perturb()
    {
        if (root.Section("perturb", typeof(PerturbSection)) is not { } perturb)
        {
            return new();
        }

        if (perturb.Node.Entries.Count == 0)
        {
            _errors.Add(perturb.Node.Position, "perturb has no keys; add work, arrivals or delays, or remove perturb");
        }

        var delays = perturb.Duration("delays", OnePicosecond);
        if (delays > PerturbSection.GreatestDelay)
        {
            _errors.Add(perturb.Find("delays")!.Position, $"perturb.delays must be at most {PerturbSection.GreatestDelay}, not {delays}");
        }

        return new() { Work = Share(perturb, "work"), Arrivals = Share(perturb, "arrivals"), Delays = delays };
    }

    private Percentage? Share(MappingReader reader, string key)
    {
        if (reader.Scalar(key, "a percentage such as 5%") is not { } node)
        {
            return null;
        }

        if (Percentage.TryParse(node.Text, out var share) && share.PartsPerMillion is > 0 and <= Perturbation.Greatest)
        {
            return share;
        }

        _errors.Add(node.Position, $"{reader.PathOf(key)} must be a percentage from 0.0001% to 50%, such as 5%, with at most four decimals; not {node.Kind}");
        return null;
    }

    private List<Expectation> Expect()
    {
        var expectations = new List<Expectation>();
        var node = root.Find("expect");
        if (node is SequenceNode list)
        {
            var names = Names();
            foreach (var item in list.Items)
            {
                if (item is ScalarNode { IsNull: false } text && Expectation.Parse(text, names, _errors) is { } expectation)
                {
                    expectations.Add(expectation);
                }
                else if (item is SequenceNode or MappingNode or ScalarNode { IsNull: true })
                {
                    _errors.Add(item.Position, $"an expectation is a text, not {item.Kind}");
                }
            }
        }
        else if (node is not null)
        {
            _errors.Add(node.Position, $"expect must be a list of expressions, each after a dash; not {node.Kind}");
        }

        return expectations;
    }

    private ExpectationNames Names()
    {
        var texts = new Dictionary<string, IReadOnlyList<string>>();
        var numbers = ParameterNames.ToList();
        foreach (var (name, node) in root.Node.Find("matrix")?.Value is MappingNode matrix ? matrix.Entries : [])
        {
            if (MatrixReader.HasMappings(node))
            {
                texts[name.Text] = [.. ((MappingNode)node).Entries.Select(choice => choice.Key.Text)];
            }
            else if (!MachineChange.Keys.Contains(name.Text))
            {
                numbers.Add(name.Text);
            }
        }

        return new(numbers, texts);
    }
}
