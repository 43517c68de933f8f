using Trapline.Machines.Results.Calibration;

namespace Trapline.Host.Rendering;

/// <summary>What was fitted and what is predicted, apart, and what that shows.</summary>
internal sealed class CalibrationRenderer(TextWriter writer, Terminal terminal)
{
    private const int Indent = 2;

    public void Write(CalibrationReport report)
    {
        Title("Published figures and the runs of their machines (the profile is fitted to these):");
        var figures = new TextTable("-figure", "published", "simulated", "beside", "waiting", "traps");
        foreach (var row in report.Figures)
        {
            figures.Add(
                row.Name, row.PublishedNs is { } published ? Quantity.Time(published) : "-", Quantity.Time(row.SimulatedNs),
                Quantity.Time(row.BesideNs), Quantity.Time(row.WaitingNs), $"{row.Traps:0.###}");
        }

        figures.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        foreach (var row in report.Figures)
        {
            TextBlock.Write(writer, $"{row.Name}: {string.Join(", ", row.Counts)}", Indent);
        }

        if (report.Missing.Count > 0)
        {
            writer.WriteLine();
            TextBlock.Write(writer, $"Nothing is predicted: the run has no variant for {string.Join(", ", report.Missing)}.");
        }

        WritePredictions(report);
        if (report.Refit is { } refit)
        {
            Title("Fitted again with the big lock on, waiting simulated:");
            TextBlock.Write(
                writer,
                $"{refit.Cost} {Quantity.Time(refit.Ns)} instead of {Quantity.Time(refit.ProfileNs)}: {refit.Figure} comes to {Quantity.Time(refit.SimulatedNs)}, {Quantity.Time(refit.WaitingNs)} of it waiting ({refit.Runs} runs)",
                Indent);
        }

        Title("What the figures can and cannot show:");
        foreach (var note in report.Notes)
        {
            TextBlock.Write(writer, note, Indent);
        }

        writer.WriteLine();
    }

    private void WritePredictions(CalibrationReport report)
    {
        if (report.Predictions.Count == 0)
        {
            return;
        }

        Title("Predictions of what was left out of the fit, over the assumed costs:");
        var table = new TextTable("-predicted", "-model", "value [low-high]", "published", "error");
        foreach (var row in report.Predictions)
        {
            var range = row.LowNs == row.HighNs ? "" : $" [{Microseconds(row.LowNs)}-{Microseconds(row.HighNs)}]";
            table.Add(
                row.Figure, row.Model, $"{Microseconds(row.Ns)}{range} us", row.PublishedNs is { } published ? $"{Microseconds(published)} us" : "-",
                row.ErrorPercent is { } error ? $"{error:+0.0;-0.0;0.0} %" : "-");
        }

        table.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        foreach (var row in report.Predictions)
        {
            var fitted = string.Join(", ", row.Fitted.Select(entry => $"{entry.Key} {Quantity.Time(entry.Value)}"));
            TextBlock.Write(writer, $"{row.Figure}, {row.Model}: fitted on {string.Join(" and ", row.FittedOn)}: {fitted}", Indent);
        }

        writer.WriteLine();
        foreach (var comparison in report.Comparisons)
        {
            TextBlock.Write(writer, comparison, Indent);
        }
    }

    private void Title(string text)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong(text));
        writer.WriteLine();
    }

    private static string Microseconds(decimal nanoseconds) => (nanoseconds / 1_000).ToString("0.0");
}
