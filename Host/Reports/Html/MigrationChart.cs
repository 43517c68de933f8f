using Trapline.Host.Rendering;
using Trapline.Machines.Results.Migrations;

namespace Trapline.Host.Reports.Html;

/// <summary>
/// One migration over virtual time, a lane each for the guest at its source, the rounds of pre-copy, the steps while the guest does not
/// run, and the guest at its destination. Two parts with scales of their own: pre-copy lasts so much longer than the downtime that
/// on one scale nothing of the latter could be seen.
/// </summary>
internal sealed class MigrationChart
{
    /// <summary>While the guest runs.</summary>
    public const int GuestSeries = 6;

    private const double Width = 960;
    private const double Left = 150;
    private const double Right = 936;

    /// <summary>Pixels before the beginning and after the end in which the guest is seen to run.</summary>
    private const double Margin = 36;

    private const double LaneHeight = 24;
    private const double BarHeight = 16;
    private const double Top = 30;
    private const double Below = 44;
    private const double LabelGap = 5;

    /// <summary>So that what takes no time on this scale can be seen.</summary>
    private const double LeastWidth = 2;

    private readonly MarkupWriter _page;
    private readonly MigrationRow _row;
    private readonly decimal _start;
    private readonly decimal _end;
    private readonly Axis _axis;
    private double _lane = Top - LaneHeight;

    private MigrationChart(MarkupWriter page, MigrationRow row, decimal start, decimal span)
    {
        (_page, _row, _start, _end) = (page, row, start, row.LastNs);
        _axis = Axis.Linear((double)span, Left + Margin, Right - Margin, value => Quantity.Time((decimal)value));
    }

    /// <summary>What the whole needs room for, in nanoseconds: charts of several migrations that share it are on one scale.</summary>
    public static decimal WholeSpan(MigrationRow row) => row.LastNs - row.BeganNs;

    /// <summary>Likewise the part from the beginning of the stop on; 0 where the guest was not stopped.</summary>
    public static decimal DownSpan(MigrationRow row) => Stopped(row) is { } stopped ? Math.Max(row.ResumedNs ?? stopped, row.LastNs) - stopped : 0;

    /// <summary>All of it, the downtime as one bar.</summary>
    public static void WriteWhole(MarkupWriter page, MigrationRow row, string name, decimal span)
    {
        var chart = new MigrationChart(page, row, row.BeganNs, span);
        var stopped = Stopped(row);
        chart.Open($"{name}: the whole migration", "virtual time since the migration began", row.Steps.Count(IsBeforeStop) + (stopped is null ? 0 : 1));
        foreach (var step in row.Steps.Where(IsBeforeStop))
        {
            chart.WriteStep(step);
        }

        if (stopped is { } at)
        {
            chart.WriteBar("guest stopped", at, row.ResumedNs ?? chart._end, SeriesOf("stop"), "the guest does not run");
        }

        chart.Close();
    }

    /// <summary>From the stop on, step by step.</summary>
    public static void WriteDowntime(MarkupWriter page, MigrationRow row, string name, decimal span)
    {
        if (Stopped(row) is not { } stopped)
        {
            return;
        }

        var chart = new MigrationChart(page, row, stopped, span);
        chart.Open($"{name}: the downtime", "virtual time since the guest was told to stop", row.Steps.Count(step => !IsBeforeStop(step)));
        foreach (var step in row.Steps.Where(step => !IsBeforeStop(step)))
        {
            chart.WriteStep(step);
        }

        chart.Close();
    }

    /// <summary>The colour of a step, in every chart and key.</summary>
    public static int SeriesOf(string step) => step switch
    {
        "setup" => 8,
        "precopy" => 0,
        "stop" => 5,
        "save" => 1,
        "transfer" => 3,
        "load" => 4,
        "handover" => 7,
        _ => 2,
    };

    /// <summary>As the manual spells it.</summary>
    public static string NameOf(string step) => step switch
    {
        "precopy" => "pre-copy",
        "handover" => "hand-over",
        _ => step,
    };

    private static bool IsBeforeStop(MigrationStepRow step) => step.Step is "setup" or "precopy";

    private static decimal? Stopped(MigrationRow row) => row.Steps.FirstOrDefault(step => step.Step == "stop")?.BeginNs;

    /// <param name="name">Above the chart.</param>
    /// <param name="title">Of its axis.</param>
    /// <param name="lanes">Between those of the guest.</param>
    private void Open(string name, string title, int lanes)
    {
        var bottom = Top + ((lanes + 1 + (_row.ResumedNs is null ? 0 : 1)) * LaneHeight);
        _page.Open("div", ("class", "scroll"));
        _page.Open("svg", ("class", "round"), ("viewBox", $"0 0 {Width} {Coordinate(bottom + Below)}"), ("role", "img"), ("aria-label", $"Time line of {name}; the tables below have the numbers"));
        _page.Element("text", name, ("class", "title"), ("x", Coordinate(Left)), ("y", "18"));
        foreach (var (position, label) in _axis.Ticks)
        {
            _page.Empty("line", ("class", "grid"), ("x1", Coordinate(position)), ("x2", Coordinate(position)), ("y1", Coordinate(Top)), ("y2", Coordinate(bottom)));
            _page.Element("text", label, ("x", Coordinate(position)), ("y", Coordinate(bottom + 16)), ("text-anchor", "middle"));
        }

        _page.Element("text", title, ("class", "title"), ("x", Coordinate((Left + Right) / 2)), ("y", Coordinate(bottom + 36)), ("text-anchor", "middle"));
        OpenLane($"guest, host {_row.From}");
        WriteRectangle(Left, Stopped(_row) is { } stopped ? Position(stopped) : Right, GuestSeries, "the guest runs");
    }

    private void Close()
    {
        if (_row.ResumedNs is { } resumed)
        {
            OpenLane($"guest, host {_row.RunsAt}");
            WriteRectangle(Position(resumed), Right, GuestSeries, $"the guest runs again, from {Quantity.Time(resumed)} on");
        }

        _page.Close();
        _page.Close();
    }

    private void WriteStep(MigrationStepRow step)
    {
        var end = step.EndNs ?? _end;
        var rounds = step.Step == "precopy" ? _row.Rounds.Where(round => round.StartNs >= step.BeginNs && round.StartNs < end).ToList() : [];
        if (rounds.Count == 0)
        {
            WriteBar(NameOf(step.Step), step.BeginNs, end, SeriesOf(step.Step), NameOf(step.Step));
            return;
        }

        OpenLane(NameOf(step.Step));
        for (var i = 0; i < rounds.Count; i++)
        {
            WriteRectangle(
                Position(rounds[i].StartNs), Position(rounds[i].EndNs ?? end), SeriesOf(step.Step),
                $"round {i + 1}: {rounds[i].Pages} pages, {rounds[i].ZeroPages} zero pages, {rounds[i].Bytes} bytes");
        }

        WriteLabel(step.BeginNs, end, $"{rounds.Count} {(rounds.Count == 1 ? "round" : "rounds")}, {Quantity.Time(end - step.BeginNs)}");
    }

    /// <summary>The next lane, with its name.</summary>
    private void OpenLane(string name)
    {
        _lane += LaneHeight;
        _page.Element("text", name, ("x", Coordinate(Left - 8)), ("y", Coordinate(Baseline)), ("text-anchor", "end"));
    }

    private double Baseline => _lane + (BarHeight / 2) + 4;

    private void WriteBar(string lane, decimal from, decimal to, int series, string what)
    {
        OpenLane(lane);
        WriteRectangle(Position(from), Position(to), series, $"{what}, from {Quantity.Time(from)} to {Quantity.Time(to)}");
        WriteLabel(from, to, Quantity.Time(to - from));
    }

    private void WriteRectangle(double from, double to, int series, string what)
    {
        _page.Open("rect", ("class", $"item s{series}"), ("x", Coordinate(from)), ("y", Coordinate(_lane)), ("width", Coordinate(Math.Max(LeastWidth, to - from))), ("height", Coordinate(BarHeight)));
        _page.Element("title", what);
        _page.Close();
    }

    /// <summary>Beside the bar, never on it: what is written there must stand out in every colour.</summary>
    private void WriteLabel(decimal from, decimal to, string label)
    {
        var right = Math.Max(Position(to), Position(from) + LeastWidth) + LabelGap;
        var isAfter = right + ChartText.Width(label) <= Width;
        _page.Element("text", label, ("x", Coordinate(isAfter ? right : Position(from) - LabelGap)), ("y", Coordinate(Baseline)), ("text-anchor", isAfter ? "start" : "end"));
    }

    private double Position(decimal at) => _axis.Position((double)(at - _start));

    private static string Coordinate(double value) => MarkupWriter.Coordinate(value);
}
