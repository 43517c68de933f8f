using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>The variants of a matrix, one row each.</summary>
internal sealed class VariantsTable(IReadOnlyList<VariantReport> variants)
{
    private const int ShortDigest = 8;

    public void Write(TextWriter writer)
    {
        var parameters = Varying();
        string[] names = parameters.Count > 0 ? [.. parameters] : ["variant"];
        var path = MostFrequentPath();
        var kind = path.Split(' ')[0];
        var table = new TextTable([.. names, "time", "exits", $"{kind} p50", $"{kind} p99", "msg/s", "digest", "expect"]);
        foreach (var variant in variants)
        {
            var latency = variant.Latencies.FirstOrDefault(row => row.Path == path);
            string[] values = parameters.Count > 0 ? [.. parameters.Select(name => variant.Parameters[name])] : [variant.Name];
            table.Add(
            [
                .. values,
                Quantity.Time(variant.VirtualNs),
                $"{variant.Exits.Sum(row => row.Count)}",
                latency is null ? "-" : Quantity.Microseconds(latency.P50Ns),
                latency is null ? "-" : Quantity.Microseconds(latency.P99Ns),
                Quantity.Rate(variant.Messages / variant.WallSeconds),
                variant.Digest[..Math.Min(ShortDigest, variant.Digest.Length)],
                Outcome(variant),
            ]);
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    /// <summary>What the scenario has most of says most about it; the other paths are in the details.</summary>
    private string MostFrequentPath() => variants
        .SelectMany(variant => variant.Latencies)
        .GroupBy(row => row.Path)
        .OrderByDescending(rows => rows.Sum(row => row.Count))
        .ThenBy(rows => rows.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key ?? "latency";

    private static string Outcome(VariantReport variant)
    {
        if (variant.EndReason is "assertion" or "violation" or "error" or "interrupted")
        {
            return variant.EndReason;
        }

        var failed = variant.Expectations.Count(expectation => !expectation.Holds) + variant.Violations.Count;
        return failed > 0 ? $"{failed} FAILED" : variant.Expectations.Count == 0 ? "-" : "ok";
    }

    /// <summary>The parameters that tell the variants apart, in the order in which their names have them.</summary>
    private List<string> Varying()
    {
        var first = variants[0];
        return [.. first.Parameters.Keys
            .Where(key => variants.All(variant => variant.Parameters.ContainsKey(key)) && variants.Any(variant => variant.Parameters[key] != first.Parameters[key]))
            .OrderBy(key => $" {first.Name}".IndexOf($" {key}=", StringComparison.Ordinal))];
    }
}
