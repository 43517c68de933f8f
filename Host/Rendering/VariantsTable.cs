using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>The variants of a matrix, one row each.</summary>
internal sealed class VariantsTable(IReadOnlyList<VariantReport> variants)
{
    private const int ShortDigest = 8;

    public void Write(TextWriter writer)
    {
        var parameters = VariantParameters.Varying(variants);
        string[] names = parameters.Count > 0 ? [.. parameters] : ["variant"];
        var path = VariantParameters.MostFrequentPath(variants) ?? "latency";
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
                VariantParameters.Outcome(variant),
            ]);
        }

        table.Write(writer, Terminal.LayoutWidth);
    }
}
