using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>A bar for each variant, as long as its exits, in parts by reason.</summary>
internal sealed class ExitsChart
{
    /// <summary>More bars than this nobody compares by eye; the table has the others.</summary>
    private const int MostBars = 64;

    /// <summary>Colours that can be told apart; what is left shares a grey one.</summary>
    private const int MostReasons = 8;
    private const int Rest = MostReasons;

    private const double WidestLabel = 250;
    private const double Width = 960;
    private const double Gap = 10;
    private const double BarHeight = 16;
    private const double RowHeight = 24;
    private const double Top = 8;

    /// <summary>A variant with exits has a bar that can be seen, even where a logarithmic axis starts at its number.</summary>
    private const double LeastBar = 3;

    private readonly IReadOnlyList<VariantReport> _shown;
    private readonly Func<VariantReport, string> _label;
    private readonly List<string> _reasons;
    private readonly double _left;
    private readonly double _right;
    private readonly Axis _axis;

    private ExitsChart(IReadOnlyList<VariantReport> variants)
    {
        _shown = [.. variants.Take(MostBars)];
        _label = VariantPanel.Labels(variants);
        // By share, not by number: else the largest variant alone would decide which reasons are named.
        _reasons = [.. variants.SelectMany(variant => variant.Exits)
            .GroupBy(row => row.Reason)
            .OrderByDescending(rows => rows.Sum(row => row.Share))
            .ThenBy(rows => rows.Key, StringComparer.Ordinal)
            .Select(rows => rows.Key)];
        var totals = _shown.Select(Total).ToList();
        _left = _shown.Max(variant => ChartText.Width(ChartText.Fit(_label(variant), WidestLabel))) + (2 * Gap);
        _right = Width - ChartText.Width($"{totals.Max()}") - (2 * Gap);
        var least = totals.Where(total => total > 0).DefaultIfEmpty(1).Min();
        _axis = Axis.SpansDecades(least, totals.Max())
            ? Axis.Logarithmic(Math.Max(1, least / 2.0), totals.Max(), _left, _right, Label)
            : Axis.Linear(totals.Max(), _left, _right, Label, whole: true);
    }

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants) => new ExitsChart(variants).Write(page, variants.Count);

    private void Write(MarkupWriter page, int variants)
    {
        WriteParameters(page);
        WriteKey(page);
        var bottom = Top + (_shown.Count * RowHeight);
        page.Open("div", ("class", "scroll"));
        page.Open("svg", ("class", "bars"), ("viewBox", $"0 0 {Width} {Coordinate(bottom + 44)}"), ("role", "img"), ("aria-label", "Exits by variant; the table below has the numbers"));
        WriteAxis(page, bottom);
        for (var i = 0; i < _shown.Count; i++)
        {
            WriteBar(page, _shown[i], Top + (i * RowHeight));
        }

        page.Close();
        page.Close();
        if (_axis.IsLogarithmic)
        {
            page.Element("p", "The length of a whole bar is logarithmic: ten times the exits are one step of the same width, and the axis does not start at 0. Inside a bar the parts are shares of its own exits, linear; parts of different bars cannot be compared by length.", ("class", "note"));
        }

        if (variants > MostBars)
        {
            page.Element("p", $"The first {MostBars} of {variants} variants; the others are in the table and in {ExitsSection.File}.", ("class", "note"));
        }
    }

    /// <summary>What the values at the bars are of.</summary>
    private void WriteParameters(MarkupWriter page)
    {
        var varying = VariantParameters.Varying(_shown);
        if (varying.Count > 0)
        {
            page.Element("p", $"A bar for each {string.Join(", ", varying)}.", ("class", "note"));
        }
    }

    private void WriteKey(MarkupWriter page)
    {
        page.Open("ul", ("class", "legend"));
        for (var i = 0; i < Math.Min(_reasons.Count, MostReasons); i++)
        {
            WriteKey(page, i, _reasons[i]);
        }

        if (_reasons.Count > MostReasons)
        {
            WriteKey(page, Rest, $"{_reasons.Count - MostReasons} other reasons");
        }

        page.Close();
    }

    private static void WriteKey(MarkupWriter page, int series, string name)
    {
        page.Open("li");
        page.Element("span", "", ("class", $"key s{series}"));
        page.Text(name);
        page.Close();
    }

    private void WriteAxis(MarkupWriter page, double bottom)
    {
        var free = double.NegativeInfinity;
        foreach (var (position, label) in _axis.Ticks)
        {
            page.Empty("line", ("class", "grid"), ("x1", Coordinate(position)), ("x2", Coordinate(position)), ("y1", Coordinate(Top)), ("y2", Coordinate(bottom)));
            var half = ChartText.Width(label) / 2;
            if (position - half >= free)
            {
                page.Element("text", label, ("x", Coordinate(position)), ("y", Coordinate(bottom + 16)), ("text-anchor", "middle"));
                free = position + half + Gap;
            }
        }

        page.Element("text", $"exits{(_axis.IsLogarithmic ? ", logarithmic" : "")}", ("class", "title"), ("x", Coordinate((_left + _right) / 2)), ("y", Coordinate(bottom + 36)), ("text-anchor", "middle"));
    }

    private void WriteBar(MarkupWriter page, VariantReport variant, double y)
    {
        var total = Total(variant);
        var middle = Coordinate(y + (BarHeight / 2) + 4);
        page.Open("text", ("x", Coordinate(_left - Gap)), ("y", middle), ("text-anchor", "end"));
        page.Text(ChartText.Fit(_label(variant), WidestLabel));
        page.Element("title", variant.Name);
        page.Close();
        var length = total == 0 ? 0 : Math.Max(LeastBar, _axis.Position(total) - _left);
        var x = _left;
        foreach (var (series, name, count) in Parts(variant))
        {
            var part = length * count / total;
            page.Open("rect", ("class", $"s{series}"), ("x", Coordinate(x)), ("y", Coordinate(y)), ("width", Coordinate(part)), ("height", Coordinate(BarHeight)));
            page.Element("title", $"{name}: {count} of {total}, {Quantity.Percent((double)count / total)}");
            page.Close();
            x += part;
        }

        page.Element("text", $"{total}", ("x", Coordinate(_left + length + Gap)), ("y", middle));
    }

    /// <summary>The named reasons in the order of the key, then all others together.</summary>
    private IEnumerable<(int Series, string Name, long Count)> Parts(VariantReport variant)
    {
        var parts = variant.Exits
            .Select(row => (Series: Math.Min(Rest, _reasons.IndexOf(row.Reason)), row.Reason, row.Count))
            .GroupBy(row => row.Series)
            .OrderBy(rows => rows.Key);
        return parts.Select(rows => (rows.Key, rows.Count() == 1 ? rows.First().Reason : $"{rows.Count()} other reasons", rows.Sum(row => row.Count)));
    }

    private static long Total(VariantReport variant) => variant.Exits.Sum(row => row.Count);

    private static string Label(double value) => value < 10_000 ? value.ToString("0") : value < 1_000_000 ? $"{value / 1_000:0.#}k" : $"{value / 1_000_000:0.#}M";

    private static string Coordinate(double value) => MarkupWriter.Coordinate(value);
}
