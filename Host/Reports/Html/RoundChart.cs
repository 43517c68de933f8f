using Trapline.Cluster.Traces.Rounds;
using Trapline.Host.Rendering;
using Trapline.Messages;

namespace Trapline.Host.Reports.Html;

/// <summary>Lanes over virtual time: spans as bars, instants as strokes.</summary>
internal static class RoundChart
{
    /// <summary>More than fit on a screen.</summary>
    private const int MostLanes = 24;

    private const double Width = 960;
    private const double Left = 96;
    private const double Right = 936;
    private const double Top = 8;
    private const double LaneHeight = 26;
    private const double BarHeight = 18;
    private const double HandlerHeight = 6;

    /// <summary>So that what takes no time on this scale can be seen.</summary>
    private const double LeastWidth = 2;

    /// <summary>How many lanes there was no room for.</summary>
    public static int Write(MarkupWriter page, Round round)
    {
        var shown = round.Lanes.Where(lane => lane.IsVcpu).Take(MostLanes - Math.Min(MostLanes / 3, round.Lanes.Count(lane => !lane.IsVcpu)))
            .Concat(round.Lanes.Where(lane => !lane.IsVcpu)).Take(MostLanes).ToList();
        var bottom = Top + (shown.Count * LaneHeight);
        var axis = Axis.Linear(Nanoseconds(round.To - round.From), Left, Right, value => Quantity.Time((decimal)value));
        page.Open("div", ("class", "scroll"));
        page.Open("svg", ("class", "round"), ("viewBox", $"0 0 {Width} {Coordinate(bottom + 44)}"), ("role", "img"), ("aria-label", $"Time line of {round.Variant}; the table below has what is in it"));
        foreach (var (position, label) in axis.Ticks)
        {
            page.Empty("line", ("class", "grid"), ("x1", Coordinate(position)), ("x2", Coordinate(position)), ("y1", Coordinate(Top)), ("y2", Coordinate(bottom)));
            page.Element("text", label, ("x", Coordinate(Math.Min(position, Width - (ChartText.Width(label) / 2)))), ("y", Coordinate(bottom + 16)), ("text-anchor", "middle"));
        }

        page.Element("text", "virtual time since the start of the round", ("class", "title"), ("x", Coordinate((Left + Right) / 2)), ("y", Coordinate(bottom + 36)), ("text-anchor", "middle"));
        for (var i = 0; i < shown.Count; i++)
        {
            WriteLane(page, shown[i], Top + (i * LaneHeight), round.From, axis);
        }

        page.Close();
        page.Close();
        return round.Lanes.Count - shown.Count;
    }

    public static int SeriesOf(RoundItemKind kind) => kind switch
    {
        RoundItemKind.Exit => 0,
        RoundItemKind.Asleep => 8,
        RoundItemKind.Handler => 4,
        RoundItemKind.Raised => 5,
        RoundItemKind.Kick => 3,
        RoundItemKind.Request => 2,
        _ => 6,
    };

    private static void WriteLane(MarkupWriter page, RoundLane lane, double y, VirtualTime start, Axis axis)
    {
        page.Element("text", ChartText.Fit(lane.Name, Left - 12), ("x", Coordinate(Left - 8)), ("y", Coordinate(y + (BarHeight / 2) + 4)), ("text-anchor", "end"));
        // What is inside another one is drawn after it: asleep in an exit, handlers over both, instants on top.
        foreach (var item in lane.Items.OrderBy(item => item.Kind).ThenBy(item => item.From))
        {
            var from = axis.Position(Nanoseconds(item.From - start));
            var width = Math.Max(LeastWidth, axis.Position(Nanoseconds(item.To - start)) - from);
            var (top, height) = PlaceOf(item.Kind);
            page.Open("rect", ("class", $"item s{SeriesOf(item.Kind)}"), ("x", Coordinate(from)), ("y", Coordinate(y + top)), ("width", Coordinate(width)), ("height", Coordinate(height)));
            page.Element("title", $"{lane.Name}, {Quantity.Time(item.From)}{(item.To == item.From ? "" : $" for {Quantity.Time(item.To - item.From)}")}: {item.Text}");
            page.Close();
        }
    }

    /// <summary>A raise and the kick that it causes are at one instant: one above the other.</summary>
    private static (double Top, double Height) PlaceOf(RoundItemKind kind) => kind switch
    {
        RoundItemKind.Handler => (BarHeight - HandlerHeight, HandlerHeight),
        RoundItemKind.Raised => (0, BarHeight / 2),
        RoundItemKind.Kick => (BarHeight / 2, BarHeight / 2),
        _ => (0, BarHeight),
    };

    private static double Nanoseconds(VirtualTime time) => (double)time.Picoseconds / VirtualTime.PerNanosecond;

    private static string Coordinate(double value) => MarkupWriter.Coordinate(value);
}
