using Trapline.Actors.Guests;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Costs.Calibration;

/// <summary>The key <c>calibrate</c> of a cost profile.</summary>
/// <param name="node">Its value.</param>
/// <param name="architecture">Of the profile.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class CalibrationReader(YamlNode node, GuestArchitecture architecture, ErrorList errors)
{
    private const string Key = "calibrate";
    private const int FittedCosts = 2;
    private const int LeastFigures = 3;
    private const int MostVaried = 8;

    private static readonly string[] Keys = ["section", "traps", "beside", "fit", "derive", "values", "vary", "refit", "figures", "notes"];
    private static readonly string[] FigureKeys = ["published", "machine", "source"];

    private readonly IReadOnlyList<string> _costs = CostNames.CostsOf(architecture);
    private readonly IReadOnlyList<string> _factors = CostNames.FactorsOf(architecture);

    /// <summary>Null after any error.</summary>
    public CalibrationPlan? Read()
    {
        if (MappingReader.Open(node, Key, Keys, Keys, errors) is not { } reader)
        {
            return null;
        }

        var before = errors.InOrder().Count;
        var section = reader.Text("section");
        var traps = Names(reader, "traps", null);
        var beside = Names(reader, "beside", _costs);
        var fit = Names(reader, "fit", _costs);
        if (fit is { Count: not FittedCosts })
        {
            errors.Add(reader.Find("fit")!.Position, $"{Key}.fit must name {FittedCosts} costs: two figures fit two");
        }

        var derived = Derived(reader, fit ?? []);
        var values = Values(reader);
        var vary = Names(reader, "vary", [.. _costs, .. _factors]);
        if (vary is { Count: > MostVaried })
        {
            errors.Add(reader.Find("vary")!.Position, $"{Key}.vary names {vary.Count}; at most {MostVaried} are allowed, for each doubles the corners");
        }

        var refit = reader.Word("refit", _costs);
        var figures = Figures(reader);
        var notes = Names(reader, "notes", null);
        return errors.InOrder().Count > before ? null : new()
        {
            Section = section!,
            TrapSections = traps!,
            Beside = beside!,
            Fit = fit!,
            Derived = derived,
            Values = values,
            Vary = vary!,
            Refit = refit!,
            Notes = notes!,
            Figures = figures,
        };
    }

    private List<string>? Names(MappingReader reader, string key, IReadOnlyList<string>? known)
    {
        if (reader.Find(key) is not SequenceNode list)
        {
            if (reader.Find(key) is { } other)
            {
                errors.Add(other.Position, $"{reader.PathOf(key)} must be a list of names, not {other.Kind}");
            }

            return null;
        }

        var names = new List<string>();
        foreach (var item in list.Items)
        {
            if (item is not ScalarNode { IsNull: false } name)
            {
                errors.Add(item.Position, $"{reader.PathOf(key)} must hold names, not {item.Kind}");
            }
            else if (known is not null && !known.Contains(name.Text))
            {
                errors.Add(item.Position, $"{reader.PathOf(key)}: {Quoted.Show(name.Text)} is none of the profile's names{Quoted.Suggest(name.Text, known)}");
            }
            else
            {
                names.Add(name.Text);
            }
        }

        return names;
    }

    private List<DerivedCost> Derived(MappingReader reader, IReadOnlyList<string> fitted)
    {
        var rows = new List<DerivedCost>();
        var path = reader.PathOf("derive");
        if (MappingReader.Open(reader.Find("derive"), path, _costs, [], errors) is not { } section)
        {
            return rows;
        }

        foreach (var cost in _costs)
        {
            if (section.Scalar(cost, "a product such as kappa * wakeUpPath") is not { } node)
            {
                continue;
            }

            var parts = node.Text.Split('*', StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !_factors.Contains(parts[0]) || !fitted.Contains(parts[1]))
            {
                errors.Add(node.Position, $"{path}.{cost} must be FACTOR * COST, a factor of {string.Join(", ", _factors)} and a cost of {Key}.fit ({string.Join(", ", fitted)}), not {node.Kind}");
                continue;
            }

            rows.Add(new(cost, parts[0], parts[1]));
        }

        return rows;
    }

    private Dictionary<string, decimal> Values(MappingReader reader)
    {
        var values = new Dictionary<string, decimal>();
        if (MappingReader.Open(reader.Find("values"), reader.PathOf("values"), _factors, [], errors) is { } section)
        {
            foreach (var factor in _factors)
            {
                if (section.Scalar(factor, "a number") is { } node && ScalarReader.Decimal(node, section.PathOf(factor), errors) is { } value)
                {
                    values[factor] = value;
                }
            }
        }

        return values;
    }

    private List<PublishedFigure> Figures(MappingReader reader)
    {
        var figures = new List<PublishedFigure>();
        var path = reader.PathOf("figures");
        if (reader.Find("figures") is not MappingNode mapping)
        {
            return figures;
        }

        foreach (var (name, node) in mapping.Entries)
        {
            var place = $"{path}.{name.Text}";
            if (MappingReader.Open(node, place, FigureKeys, FigureKeys, errors) is not { } figure)
            {
                continue;
            }

            var published = figure.Duration("published", new VirtualTime(1));
            var machine = MappingReader.Open(figure.Find("machine"), $"{place}.machine", MachineChange.WordKeys, [], errors);
            var source = figure.Text("source");
            if (published is { } time && machine is not null && source is not null)
            {
                figures.Add(new(name.Text, time, MachineChange.Read(machine, BoardKind.All.First(board => board.Architecture == architecture)), source.Trim()));
            }
        }

        if (mapping.Entries.Count < LeastFigures)
        {
            errors.Add(mapping.Position, $"{path} has {mapping.Entries.Count}; at least {LeastFigures} are needed, two to fit and one to predict");
        }

        return figures;
    }
}
