using Trapline.Actors.Invariants;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Text;

namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>The names and functions of expressions: what a report can be asked.</summary>
internal static class ExpectationFunctions
{
    private static readonly string[] Functions = ["exits", "counter", "interrupts", "latency", "violations"];
    private static readonly string[] Values = ["vcpus", MachinesSection.Key, HostsSection.Key, "virtualNs", "endReason"];
    private static readonly string[] Fates = ["raised", "handled", "coalesced", "masked", "pending", "withdrawn"];
    private static readonly string[] Percentiles = ["p50", "p90", "p99", "max", "count"];

    /// <summary>Names that a parameter of the guest cannot have.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["and", "or", .. Functions, .. Values, .. MachineChange.WordKeys, LinkChange.Key, MigrationReader.Key];

    public static ExpectationOperand Name(ExpectationToken name, ExpectationNames names)
    {
        switch (name.Text)
        {
            case "virtualNs":
                return Number(name, context => ExpectationValue.OfDecimal(context.Report.VirtualNs));
            case "endReason":
                return new(ExpectationKind.Text, name.Offset, context => ExpectationValue.OfText(context.Report.EndReason));
            default:
                break;
        }

        if (names.WordsOf(name.Text) is { } words)
        {
            return new(ExpectationKind.Text, name.Offset, context => ExpectationValue.OfText(context.Words[name.Text])) { Words = words };
        }

        if (name.Text is "vcpus" or MachinesSection.Key or HostsSection.Key || names.Numbers.Contains(name.Text))
        {
            return Number(name, context => ExpectationValue.OfInteger(context.Constants[name.Text]));
        }

        string[] known = [.. Values, .. MachineChange.WordKeys, .. names.Texts.Keys, .. names.Numbers];
        var remedy = Functions.Contains(name.Text)
            ? $"; it is a function: {name.Text}(...)"
            : NearestName.Find(name.Text, known) is { } nearest ? $"; did you mean {Quoted.Show(nearest)}?" : $"; known are {string.Join(", ", known)}; a parameter of the guest must be given under guest.parameters or matrix";
        throw new ExpectationException(name.Offset, $"unknown name {Quoted.Show(name.Text)}{remedy}");
    }

    public static ExpectationOperand Call(ExpectationToken function, List<ExpectationToken> arguments)
    {
        switch (function.Text)
        {
            case "exits" when arguments.Count == 0:
                return Number(function, context => ExpectationValue.OfInteger(context.Report.Exits.Sum(row => row.Count)));
            case "exits" when arguments.Count == 1:
                return Number(function, context => ExpectationValue.OfInteger(Exits(context.Report, arguments[0].Text)));
            case "counter" when arguments.Count == 1:
                return Number(function, context => ExpectationValue.OfInteger(Counter(context.Report, arguments[0])));
            case "interrupts" when arguments.Count == 1:
                OneOf(arguments[0], Fates);
                return Number(function, context => ExpectationValue.OfInteger(Interrupts(context.Report.Interrupts, arguments[0].Text)));
            case "violations" when arguments.Count == 1:
                OneOf(arguments[0], InvariantNames.All);
                return Number(function, context => ExpectationValue.OfInteger(context.Report.Violations.Count(row => row.Invariant == arguments[0].Text)));
            case "latency" when arguments.Count == 2:
                OneOf(arguments[1], Percentiles);
                return Number(function, context => Latency(context.Report, arguments[0], arguments[1].Text));
            default:
                throw new ExpectationException(function.Offset, Functions.Contains(function.Text)
                    ? $"{function.Text} has other arguments: {Usage(function.Text)}"
                    : $"unknown function {Quoted.Show(function.Text)}; there are {string.Join(", ", Functions.Select(Usage))}");
        }
    }

    private static string Usage(string function) => function switch
    {
        "exits" => "exits() or exits(\"reason\")",
        "counter" => "counter(\"name\")",
        "violations" => "violations(\"invariant\")",
        "interrupts" => "interrupts(\"raised|handled|coalesced|masked|pending|withdrawn\")",
        _ => "latency(\"path\", \"p50|p90|p99|max|count\")",
    };

    private static ExpectationOperand Number(ExpectationToken at, Func<ExpectationContext, ExpectationValue> evaluate)
        => new(ExpectationKind.Number, at.Offset, evaluate);

    private static void OneOf(ExpectationToken word, string[] words)
    {
        if (!words.Contains(word.Text))
        {
            throw new ExpectationException(word.Offset, $"{Quoted.Show(word.Text)} is not one of {string.Join(", ", words)}{Quoted.Suggest(word.Text, words)}");
        }
    }

    /// <summary>A reason that did not occur has no row: it is 0.</summary>
    private static long Exits(VariantReport report, string reason) => report.Exits.Where(row => row.Reason == reason).Sum(row => row.Count);

    private static long Counter(VariantReport report, ExpectationToken name)
        => report.Counters.TryGetValue(name.Text, out var count)
            ? count
            : throw new ExpectationException(name.Offset, $"there is no counter {Quoted.Show(name.Text)}{Quoted.Suggest(name.Text, report.Counters.Keys)}");

    private static long Interrupts(InterruptTotals totals, string fate) => fate switch
    {
        "raised" => totals.Raised,
        "handled" => totals.Handled,
        "coalesced" => totals.Coalesced,
        "masked" => totals.Masked,
        "withdrawn" => totals.Withdrawn,
        _ => totals.Pending,
    };

    private static ExpectationValue Latency(VariantReport report, ExpectationToken path, string percentile)
    {
        var row = report.Latencies.FirstOrDefault(row => row.Path == path.Text);
        if (percentile == "count")
        {
            return ExpectationValue.OfInteger(row?.Count ?? 0);
        }

        if (row is null)
        {
            throw new ExpectationException(path.Offset, $"there is no latency of {Quoted.Show(path.Text)}{Quoted.Suggest(path.Text, report.Latencies.Select(other => other.Path))}");
        }

        return ExpectationValue.OfDecimal(percentile switch
        {
            "p50" => row.P50Ns,
            "p90" => row.P90Ns,
            "p99" => row.P99Ns,
            _ => row.MaxNs,
        });
    }
}
