using System.Text;

namespace Trapline.Host.Reports.Html;

/// <summary>A chart of lines between two axes.</summary>
internal static class CurveChart
{
    public const double Left = 64;
    public const double Right = 440;
    public const double Top = 12;
    public const double Bottom = 236;

    private const double Width = 472;
    private const double Height = 284;
    private const double TickGap = 6;
    private const double TextRise = 4;
    private const double LabelGap = 8;

    /// <summary>Corners nearer than this to the last one, in pixels, are left out.</summary>
    private const double Finest = 0.4;

    public static void Write(MarkupWriter page, string name, Axis x, string xTitle, Axis y, string yTitle, IReadOnlyList<CurveLine> lines)
    {
        page.Open("div", ("class", "scroll"));
        page.Open("svg", ("class", "curves"), ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", name));
        WriteGrid(page, x, y);
        page.Element("text", xTitle, ("class", "title"), ("x", Coordinate((Left + Right) / 2)), ("y", Coordinate(Height - 6)), ("text-anchor", "middle"));
        page.Element("text", yTitle, ("class", "title"), ("transform", $"translate(12 {Coordinate((Top + Bottom) / 2)}) rotate(-90)"), ("text-anchor", "middle"));
        foreach (var line in lines)
        {
            page.Open("path", ("class", $"line s{line.Series}"), ("d", PathOf(line.Points)));
            page.Element("title", line.Name);
            page.Close();
        }

        page.Close();
        page.Close();
    }

    private static void WriteGrid(MarkupWriter page, Axis x, Axis y)
    {
        foreach (var (position, label) in y.Ticks)
        {
            page.Empty("line", ("class", "grid"), ("x1", Coordinate(Left)), ("x2", Coordinate(Right)), ("y1", Coordinate(position)), ("y2", Coordinate(position)));
            page.Element("text", label, ("x", Coordinate(Left - TickGap)), ("y", Coordinate(position + TextRise)), ("text-anchor", "end"));
        }

        var free = double.NegativeInfinity;
        foreach (var (position, label) in x.Ticks)
        {
            page.Empty("line", ("class", "grid"), ("x1", Coordinate(position)), ("x2", Coordinate(position)), ("y1", Coordinate(Top)), ("y2", Coordinate(Bottom)));
            var half = ChartText.Width(label) / 2;
            // The one at the right end is moved in, so that it stays inside.
            var middle = Math.Min(position, Width - half);
            if (middle - half >= free)
            {
                page.Element("text", label, ("x", Coordinate(middle)), ("y", Coordinate(Bottom + 16)), ("text-anchor", "middle"));
                free = middle + half + LabelGap;
            }
        }

        page.Empty("line", ("class", "axis"), ("x1", Coordinate(Left)), ("x2", Coordinate(Right)), ("y1", Coordinate(Bottom)), ("y2", Coordinate(Bottom)));
    }

    private static string PathOf(IReadOnlyList<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        var (lastX, lastY) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var i = 0; i < points.Count; i++)
        {
            var (x, y) = points[i];
            if (i < points.Count - 1 && Math.Abs(x - lastX) < Finest && Math.Abs(y - lastY) < Finest)
            {
                continue;
            }

            path.Append(path.Length == 0 ? 'M' : 'L').Append(Coordinate(x)).Append(' ').Append(Coordinate(y));
            (lastX, lastY) = (x, y);
        }

        return path.ToString();
    }

    private static string Coordinate(double value) => MarkupWriter.Coordinate(value);
}
