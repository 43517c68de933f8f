using Trapline.Actors.Guests;
using Trapline.Machines.Costs.Calibration;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>From the tree of a file to a profile.</summary>
internal sealed class CostProfileReader(MappingReader root)
{
    private static readonly VirtualTime OnePicosecond = new(1);
    private static readonly string[] CostKeys = ["symbol", "value", "low", "high", "basis", "source"];
    private static readonly string[] PathKeys = ["value", "jitter", "basis", "source"];
    private static readonly string[] BasisWords = ["measured", "fitted", "literature", "assumed"];

    private readonly ErrorList _errors = root.Errors;

    /// <summary>The profile; null after any error.</summary>
    public CostProfile? Read()
    {
        var name = root.Text("name");
        var description = root.Text("description");
        var word = root.Word("architecture", [.. GuestArchitecture.All.Select(each => each.Name)]);
        var architecture = GuestArchitecture.All.FirstOrDefault(known => known.Name == word) ?? GuestArchitecture.LoongArch;
        var path = Path();
        var costs = Rows("costs", CostNames.CostsOf(architecture), (reader, cost) => Cost(reader, cost, path));
        var factors = Rows("factors", CostNames.FactorsOf(architecture), Factor);
        var calibration = root.Find("calibrate") is { } node ? new CalibrationReader(node, architecture, _errors).Read() : null;
        if (_errors.Any || name is null || description is null || path is null)
        {
            return null;
        }

        return new() { Name = name, Description = description.Trim(), Architecture = architecture, Costs = costs, Factors = factors, BetweenGroups = path, Calibration = calibration };
    }

    private PathCost? Path()
    {
        var paths = MappingReader.Open(root.Find("paths"), "paths", CostNames.Paths, CostNames.Paths, _errors);
        var reader = MappingReader.Open(paths?.Find(CostNames.BetweenGroups), $"paths.{CostNames.BetweenGroups}", PathKeys, PathKeys, _errors);
        if (reader is null)
        {
            return null;
        }

        // Named after the path, not after its key "value": this is the latency that people mean.
        var latency = reader.Scalar("value", "a duration such as 25ns") is { } node
            ? ScalarReader.Duration(node, $"paths.{CostNames.BetweenGroups}", OnePicosecond, _errors, "windows would have no length")
            : null;
        var jitter = reader.Duration("jitter", VirtualTime.Zero);
        var (basis, source) = Origin(reader);
        return latency is { } value && jitter is { } extra && basis is { } known && source is not null
            ? new(CostNames.BetweenGroups, value, extra, known, source)
            : null;
    }

    private List<T> Rows<T>(string key, IReadOnlyList<string> names, Func<MappingReader, string, T?> read)
        where T : class
    {
        var rows = new List<T>();
        if (MappingReader.Open(root.Find(key), key, names, names, _errors) is { } section)
        {
            foreach (var name in names)
            {
                if (MappingReader.Open(section.Find(name), $"{key}.{name}", CostKeys, CostKeys, _errors) is { } reader && read(reader, name) is { } row)
                {
                    rows.Add(row);
                }
            }
        }

        return rows;
    }

    private Cost? Cost(MappingReader reader, string name, PathCost? path)
    {
        var least = CostLimits.LeastOf(name);
        var value = reader.Duration("value", least);
        var low = reader.Duration("low", least);
        var high = reader.Duration("high", least);
        var symbol = reader.Text("symbol");
        var (basis, source) = Origin(reader);
        CheckOrder(reader, value, low, high);
        CheckCall(reader, "value", name, value, path);
        CheckCall(reader, "low", name, low, path);

        return value is { } v && low is { } l && high is { } h && symbol is not null && basis is { } b && source is not null
            ? new(name, symbol, v, l, h, b, source)
            : null;
    }

    private CostFactor? Factor(MappingReader reader, string name)
    {
        decimal? Number(string key) => reader.Scalar(key, "a number") is { } node ? ScalarReader.Decimal(node, reader.PathOf(key), _errors) : null;

        var value = Number("value");
        var low = Number("low");
        var high = Number("high");
        var symbol = reader.Text("symbol");
        var (basis, source) = Origin(reader);
        CheckOrder(reader, value, low, high);
        return value is { } v && low is { } l && high is { } h && symbol is not null && basis is { } b && source is not null
            ? new(name, symbol, v, l, h, b, source)
            : null;
    }

    private (CostBasis? Basis, string? Source) Origin(MappingReader reader)
    {
        var basis = reader.Word("basis", BasisWords);
        var source = reader.Scalar("source", "a text");
        if (source is not null && string.IsNullOrWhiteSpace(source.Text))
        {
            _errors.Add(source.Position, $"{reader.PathOf("source")} is empty; say where the number comes from");
        }

        return (basis is null ? null : (CostBasis)Array.IndexOf(BasisWords, basis), source?.Text.Trim());
    }

    private void CheckOrder<T>(MappingReader reader, T? value, T? low, T? high)
        where T : struct, IComparable<T>
    {
        if (value is { } v && low is { } l && l.CompareTo(v) > 0)
        {
            _errors.Add(reader.Find("low")!.Position, $"{reader.PathOf("low")} is {l}, above the value {v}; low is at most value");
        }

        if (value is { } w && high is { } h && h.CompareTo(w) < 0)
        {
            _errors.Add(reader.Find("high")!.Position, $"{reader.PathOf("high")} is {h}, below the value {w}; high is at least value");
        }
    }

    private void CheckCall(MappingReader reader, string key, string name, VirtualTime? time, PathCost? path)
    {
        if (time is { } value && path is not null && CostLimits.ProblemOf(name, value, path) is { } problem)
        {
            _errors.Add(reader.Find(key)!.Position, $"{reader.PathOf(key)} {problem}");
        }
    }
}
