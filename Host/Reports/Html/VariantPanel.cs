using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>Variants that share one chart.</summary>
/// <param name="Title">What they have in common; empty if all variants are in this one.</param>
/// <param name="Series">What tells each from the others of the chart, and the variant.</param>
internal sealed record VariantPanel(string Title, IReadOnlyList<(string Label, VariantReport Variant)> Series)
{
    /// <summary>Colours that can be told apart.</summary>
    public const int MostSeries = 8;

    /// <summary>
    /// All in one where they are few; otherwise a chart for each combination of parameters but the last one of the matrix,
    /// which is told by colour.
    /// </summary>
    public static IReadOnlyList<VariantPanel> Of(IReadOnlyList<VariantReport> variants)
    {
        if (variants.Count <= MostSeries)
        {
            return [new("", [.. variants.Select(variant => (variant.Name, variant))])];
        }

        var varying = VariantParameters.Varying(variants);
        var last = varying.Count > 0 ? varying[^1] : null;
        return [.. variants
            .GroupBy(variant => string.Join(' ', varying.SkipLast(1).Select(name => $"{name}={variant.Parameters[name]}")))
            .SelectMany(group => Split(group.Key, [.. group.Select(variant => (last is null ? variant.Name : $"{last}={variant.Parameters[last]}", variant))]))];
    }

    public void WriteTitle(MarkupWriter page)
    {
        if (Title.Length > 0)
        {
            page.Element("figcaption", Title);
        }
    }

    /// <summary>Names for a chart of all variants: the values alone, where parameters tell them apart.</summary>
    public static Func<VariantReport, string> Labels(IReadOnlyList<VariantReport> variants)
    {
        var varying = VariantParameters.Varying(variants);
        return varying.Count == 0 ? variant => variant.Name : variant => string.Join(", ", varying.Select(name => variant.Parameters[name]));
    }

    private static IEnumerable<VariantPanel> Split(string title, (string, VariantReport)[] series)
    {
        var parts = series.Chunk(MostSeries).ToList();
        return parts.Select((part, i) => new VariantPanel(parts.Count == 1 ? title : $"{title} ({i + 1} of {parts.Count})".TrimStart(), part));
    }
}
