using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>What variants of one run have been told apart by, and how each came out.</summary>
internal static class VariantParameters
{
    /// <summary>The parameters that tell the variants apart, in the order in which their names have them.</summary>
    public static IReadOnlyList<string> Varying(IReadOnlyList<VariantReport> variants)
    {
        var first = variants[0];
        return [.. first.Parameters.Keys
            .Where(key => variants.All(variant => variant.Parameters.ContainsKey(key)) && variants.Any(variant => variant.Parameters[key] != first.Parameters[key]))
            .OrderBy(key => $" {first.Name}".IndexOf($" {key}=", StringComparison.Ordinal))];
    }

    /// <summary>What the scenario has most of says most about it.</summary>
    public static string? MostFrequentPath(IReadOnlyList<VariantReport> variants) => variants
        .SelectMany(variant => variant.Latencies)
        .GroupBy(row => row.Path)
        .OrderByDescending(rows => rows.Sum(row => row.Count))
        .ThenBy(rows => rows.Key, StringComparer.Ordinal)
        .FirstOrDefault()?.Key;

    /// <summary>In a word or two: <c>ok</c>, <c>3 FAILED</c>, <c>assertion</c>; a dash where nothing was expected.</summary>
    public static string Outcome(VariantReport variant)
    {
        if (variant.EndReason is "assertion" or "violation" or "error" or "interrupted")
        {
            return variant.EndReason;
        }

        var failed = variant.Expectations.Count(expectation => !expectation.Holds) + variant.Violations.Count;
        return failed > 0 ? $"{failed} FAILED" : variant.Expectations.Count == 0 ? "-" : "ok";
    }
}
