using Trapline.Host.Commands;
using Trapline.Host.Seeds;

namespace Trapline.Host.Rendering;

/// <summary>What many seeds found, as text: each variant's times, then the first failure with the command that repeats it.</summary>
internal sealed class SeedsRenderer(TextWriter writer, Terminal terminal)
{
    private const int MostFailures = 5;

    public void Write(SeedsReport report)
    {
        var asked = report.Last - report.First + 1;
        writer.WriteLine(terminal.Strong($"{report.Scenario}: seeds {report.First}..{report.Last}, {report.Seeds.Count} of {asked} done, {report.Failed} failed"));
        if (report.Variants.Count <= RunArguments.MostVariantsInFull)
        {
            foreach (var variant in report.Variants)
            {
                WriteVariant(variant);
            }
        }
        else
        {
            WriteTable(report.Variants);
        }

        WriteFailures(report.Seeds);
    }

    private void WriteVariant(SeedVariant variant)
    {
        writer.WriteLine();
        writer.WriteLine($"{variant.Name}: {Counted(variant.Runs, "run")}, {Counted(variant.Digests, "different digest")}, {variant.Failed} failed");
        writer.WriteLine();
        var table = new TextTable("-", "Seeds", "Min", "Median", "Max");
        foreach (var measure in variant.Measures)
        {
            table.Add(measure.Name, $"{measure.Seeds}", Quantity.Microseconds(measure.MinNs), Quantity.Microseconds(measure.MedianNs), Quantity.Microseconds(measure.MaxNs));
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    private void WriteTable(IReadOnlyList<SeedVariant> variants)
    {
        writer.WriteLine();
        var table = new TextTable("-variant", "runs", "digests", "failed", "time min", "median", "max");
        foreach (var variant in variants)
        {
            var time = variant.Measures[0];
            table.Add(
                variant.Name, $"{variant.Runs}", $"{variant.Digests}", $"{variant.Failed}",
                Quantity.Microseconds(time.MinNs), Quantity.Microseconds(time.MedianNs), Quantity.Microseconds(time.MaxNs));
        }

        table.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        writer.WriteLine("Latencies and marks of each variant: --json, or --only VARIANT.");
    }

    private void WriteFailures(IReadOnlyList<SeedRow> seeds)
    {
        if (seeds.FirstOrDefault(row => row.Failures.Count > 0) is not { } first)
        {
            return;
        }

        foreach (var failure in first.Failures.Take(MostFailures))
        {
            writer.WriteLine();
            writer.WriteLine($"{terminal.Verdict(false)} seed {first.Seed}{(failure.Variant.Length > 0 ? $", {failure.Variant}" : "")}: {failure.What}");
            writer.WriteLine($"  {failure.Found}");
            writer.WriteLine($"  {failure.Command}");
        }

        if (first.Failures.Count > MostFailures)
        {
            writer.WriteLine();
            writer.WriteLine($"{first.Failures.Count - MostFailures} more failures under this seed: --json.");
        }

        var others = seeds.Where(row => row.Failures.Count > 0 && row.Seed != first.Seed).Select(row => row.Seed).ToList();
        if (others.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine($"Other seeds that failed: {string.Join(", ", others.Take(10))}{(others.Count > 10 ? $", and {others.Count - 10} more" : "")}");
        }
    }

    private static string Counted(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
