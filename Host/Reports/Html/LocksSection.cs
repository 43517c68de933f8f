using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>The queue at each lock over time, and what waiting there cost.</summary>
internal static class LocksSection
{
    public const string File = "locks.csv";

    /// <summary>Of one lock; the others are in the CSV.</summary>
    private const int MostPanels = 12;

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var locks = variants.SelectMany(variant => variant.Locks).Select(row => row.Lock).Distinct().ToList();
        if (locks.Count == 0)
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Queue at the locks");
        page.Element("p", "The most that waited at one time in each interval of virtual time. All waiting is for whoever holds the lock; nothing else is in it.", ("class", "lead"));
        var panels = VariantPanel.Of(variants);
        foreach (var name in locks)
        {
            page.Element("h3", $"Lock {name}");
            var shown = panels.Where(panel => panel.Series.Any(series => RowOf(series.Variant, name) is not null)).ToList();
            page.Open("div", ("class", "panels"));
            foreach (var panel in shown.Take(MostPanels))
            {
                WritePanel(page, name, panel, variants);
            }

            page.Close();
            if (shown.Count > MostPanels)
            {
                page.Element("p", $"The first {MostPanels} of {shown.Count} charts; all variants are in {File} and report.json.", ("class", "note"));
            }
        }

        page.Close();
    }

    private static void WritePanel(MarkupWriter page, string name, VariantPanel panel, IReadOnlyList<VariantReport> variants)
    {
        // The same height in every chart of a lock, so that they can be compared; time is each chart's own.
        var greatest = variants.Select(variant => RowOf(variant, name)?.GreatestQueue ?? 0).Max();
        var y = Axis.Linear(greatest, CurveChart.Bottom, CurveChart.Top, value => $"{value:0}", whole: true);
        var end = panel.Series.Max(series => series.Variant.VirtualNs);
        var x = Axis.Linear((double)end, CurveChart.Left, CurveChart.Right, value => Quantity.Time((decimal)value));
        var lines = new List<CurveLine>();
        var table = new PageTable($"Waiting for the lock {name}", "-Variant", "Taken", "Waited", "Total wait", "Mean wait", "Longest", "Queue");
        for (var i = 0; i < panel.Series.Count; i++)
        {
            var (label, variant) = panel.Series[i];
            if (RowOf(variant, name) is { } row)
            {
                lines.Add(new(i, variant.Name, [.. Corners(row, variant, x, y)]));
                table.AddSeries(
                    i, label, $"{row.Acquisitions}", $"{row.Waited}", Quantity.Microseconds(row.WaitTotalNs),
                    row.Waited == 0 ? "-" : Quantity.Microseconds(row.WaitTotalNs / row.Waited), Quantity.Microseconds(row.WaitMaxNs), $"{row.GreatestQueue}");
            }
        }

        page.Open("figure");
        panel.WriteTitle(page);
        CurveChart.Write(page, $"Queue at the lock {name} over time {panel.Title}", x, "virtual time", y, "waiting", lines);
        table.Write(page, File);
        page.Close();
    }

    private static IEnumerable<(double X, double Y)> Corners(LockRow row, VariantReport variant, Axis x, Axis y)
    {
        for (var i = 0; i < row.Queue.Count; i++)
        {
            var (ns, length) = row.Queue[i];
            var end = i + 1 < row.Queue.Count ? row.Queue[i + 1].Ns : variant.VirtualNs;
            yield return (x.Position((double)ns), y.Position(length));
            yield return (x.Position((double)end), y.Position(length));
        }
    }

    private static LockRow? RowOf(VariantReport variant, string name) => variant.Locks.FirstOrDefault(row => row.Lock == name);
}
