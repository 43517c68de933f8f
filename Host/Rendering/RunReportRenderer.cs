using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>A run's results as text, for 80 columns.</summary>
internal sealed class RunReportRenderer(TextWriter writer, Terminal terminal)
{
    private const int LabelWidth = 14;
    private const int MostFailures = 10;

    /// <param name="report">What the run found.</param>
    /// <param name="inFull">Every variant in full; else the table of all of them alone.</param>
    public void Write(RunReport report, bool inFull)
    {
        if (report.Variants.Count > 1)
        {
            writer.WriteLine(terminal.Strong($"{report.Scenario}: {report.Variants.Count} variants"));
            writer.WriteLine();
            new VariantsTable(report.Variants).Write(writer);
            writer.WriteLine();
            WriteFailures(report.Variants);
        }

        if (inFull)
        {
            var details = new VariantRenderer(writer, terminal);
            foreach (var variant in report.Variants)
            {
                writer.WriteLine(terminal.Strong(variant.Name == report.Scenario ? variant.Name : $"{report.Scenario}: {variant.Name}"));
                details.Write(variant, ofMany: report.Variants.Count > 1);
                writer.WriteLine();
            }
        }
        else
        {
            writer.WriteLine("Exits, latencies and interrupts of each variant: report.json, or --details.");
            WriteSplit(report.Variants);
            writer.WriteLine();
        }

        if (report.Calibration is { } calibration)
        {
            new CalibrationRenderer(writer, terminal).Write(calibration);
        }

        WriteTotals(report);
    }

    private void WriteSplit(IReadOnlyList<VariantReport> variants)
    {
        List<SplitReport> splits = [.. variants.Select(variant => variant.Split).OfType<SplitReport>()];
        if (splits.Count > 0)
        {
            writer.WriteLine($"Split over {splits.Max(split => split.Nodes.Count)} nodes: {splits.Min(split => split.Speed):0.00} to {splits.Max(split => split.Speed):0.00} x one process, by the time that the nodes computed.");
        }
    }

    /// <summary>Of a table that says how many failed: which, the first of them.</summary>
    private void WriteFailures(IReadOnlyList<VariantReport> variants)
    {
        var failures = variants.SelectMany(variant => VariantFailures.Of(variant).Select(failure => (What: $"{variant.Name}: {failure.What}", failure.Found))).ToList();
        foreach (var (what, found) in failures.Take(MostFailures))
        {
            writer.WriteLine($"{terminal.Verdict(false)} {what}");
            writer.WriteLine($"  {found}");
        }

        if (failures.Count > MostFailures)
        {
            writer.WriteLine($"{failures.Count - MostFailures} more failures are in report.json.");
        }

        if (failures.Count > 0)
        {
            writer.WriteLine();
        }
    }

    private void WriteTotals(RunReport report)
    {
        var rate = Quantity.Rate(report.Messages / report.WallSeconds);
        Line("End", report.EndReason);
        Line("Virtual time", Quantity.Time(report.VirtualNs));
        Line("Windows", $"{report.Windows}");
        Line("Messages", $"{report.Messages} in {report.WallSeconds:0.00} s, {rate} messages/s");
        Line("Placement", $"{Counted(report.Nodes, "node")}, {Counted(report.Threads, "thread")}{(report.Nodes > 1 ? " each" : "")}");
        Line("Seed", report.Variants.Any(variant => variant.SeedDecided) ? $"{report.Seed}" : $"{report.Seed}, which decided nothing");
        Line("Digest", terminal.Strong(report.Digest));
    }

    private static string Counted(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private void Line(string label, string value) => writer.WriteLine(label.PadRight(LabelWidth) + value);
}
