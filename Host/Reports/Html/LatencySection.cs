using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>Latency of each path: a percentile curve for each variant, from the histogram's own buckets.</summary>
internal static class LatencySection
{
    public const string File = "latencies.csv";

    /// <summary>Of one path; the others are in the CSV.</summary>
    private const int MostPanels = 12;

    /// <summary>With fewer samples a percentile curve says no more than the table.</summary>
    private const int FewestForCurve = 10;

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var paths = variants.SelectMany(variant => variant.Latencies).GroupBy(row => row.Path).ToList();
        if (paths.Count == 0)
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Latency");
        page.Element("p", "From the start of the sending instruction to the entry of the handler. At the height of a curve is the latency within which that share of the interrupts was handled; each further nine has as much room as the one before.", ("class", "lead"));
        var panels = VariantPanel.Of(variants);
        foreach (var path in paths)
        {
            page.Element("h3", path.Key);
            if (path.Max(row => row.Count) < FewestForCurve)
            {
                WriteTable(page, path.Key, variants);
            }
            else
            {
                WriteCurves(page, path.Key, [.. path], panels);
            }
        }

        page.Close();
    }

    private static void WriteTable(MarkupWriter page, string path, IReadOnlyList<VariantReport> variants)
    {
        var table = TableOf($"Latency of {path}: too few samples for a curve");
        foreach (var variant in variants)
        {
            if (RowOf(variant, path) is { } row)
            {
                table.Add(Cells(variant.Name, row));
            }
        }

        page.Open("details");
        page.Element("summary", $"Table of at most {variants.Max(variant => RowOf(variant, path)?.Count ?? 0)} samples for each variant");
        table.Write(page, File);
        page.Close();
    }

    private static PageTable TableOf(string caption) => new(caption, "-Variant", "Count", "p50", "p90", "p99", "Max");

    private static string[] Cells(string name, LatencyRow row) =>
    [
        name, $"{row.Count}", Quantity.Microseconds(row.P50Ns), Quantity.Microseconds(row.P90Ns),
        Quantity.Microseconds(row.P99Ns), Quantity.Microseconds(row.MaxNs),
    ];

    private static void WriteCurves(MarkupWriter page, string path, IReadOnlyList<LatencyRow> rows, IReadOnlyList<VariantPanel> panels)
    {
        var y = Vertical(rows);
        var x = Axis.Nines(rows.Max(row => row.Count), CurveChart.Left, CurveChart.Right);
        var shown = panels.Where(panel => panel.Series.Any(series => RowOf(series.Variant, path) is not null)).ToList();
        page.Open("div", ("class", "panels"));
        foreach (var panel in shown.Take(MostPanels))
        {
            WritePanel(page, path, panel, x, y);
        }

        page.Close();
        if (shown.Count > MostPanels)
        {
            page.Element("p", $"The first {MostPanels} of {shown.Count} charts; all variants are in {File} and report.json.", ("class", "note"));
        }
    }

    private static void WritePanel(MarkupWriter page, string path, VariantPanel panel, Axis x, Axis y)
    {
        var lines = new List<CurveLine>();
        var table = TableOf($"Latency of {path}");
        for (var i = 0; i < panel.Series.Count; i++)
        {
            var (label, variant) = panel.Series[i];
            if (RowOf(variant, path) is { } row)
            {
                lines.Add(new(i, variant.Name, [.. Corners(row, x, y)]));
                table.AddSeries(i, Cells(label, row));
            }
        }

        page.Open("figure");
        panel.WriteTitle(page);
        CurveChart.Write(page, $"Percentiles of the latency of {path} {panel.Title}", x, "share of interrupts handled within", y, $"latency{(y.IsLogarithmic ? ", logarithmic" : "")}", lines);
        table.Write(page, File);
        page.Close();
    }

    /// <summary>Level over the samples of a bucket, then straight up to the next.</summary>
    private static IEnumerable<(double X, double Y)> Corners(LatencyRow row, Axis x, Axis y)
    {
        var below = 0L;
        foreach (var (ns, count) in row.Curve)
        {
            var height = y.Position((double)ns);
            yield return (x.Position(Nines(below, row.Count)), height);
            below += count;
            yield return (x.Position(Nines(below, row.Count)), height);
        }
    }

    /// <summary>0 for none, 1 for nine tenths, 2 for 99 hundredths; for all as many as the samples can tell apart.</summary>
    private static double Nines(long below, long count) => Math.Log10((double)count / Math.Max(1, count - below));

    private static Axis Vertical(IReadOnlyList<LatencyRow> rows)
    {
        var least = (double)rows.Min(row => row.Curve.Count > 0 ? row.Curve[0].Ns : row.P50Ns);
        var greatest = (double)rows.Max(row => row.MaxNs);
        return Axis.SpansDecades(least, greatest)
            ? Axis.Logarithmic(least, greatest, CurveChart.Bottom, CurveChart.Top, Label)
            : Axis.Linear(greatest, CurveChart.Bottom, CurveChart.Top, Label);
    }

    private static LatencyRow? RowOf(VariantReport variant, string path) => variant.Latencies.FirstOrDefault(row => row.Path == path);

    private static string Label(double nanoseconds) => Quantity.Time((decimal)nanoseconds);
}
