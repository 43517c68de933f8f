using Trapline.Host.Rendering;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>What was run, whether it went as expected, and the variants side by side.</summary>
internal static class SummarySection
{
    private const int ShortDigest = 8;

    public static void Write(MarkupWriter page, RunReport report)
    {
        page.Open("header");
        page.Element("h1", report.Scenario);
        WriteVerdict(page, report);
        WriteFacts(page, report);
        page.Close();
        if (report.Warnings.Count > 0)
        {
            page.Open("ul", ("class", "warnings"));
            foreach (var warning in report.Warnings)
            {
                page.Element("li", warning);
            }

            page.Close();
        }
    }

    public static void WriteVariants(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var parameters = VariantParameters.Varying(variants);
        var path = VariantParameters.MostFrequentPath(variants);
        string[] names = parameters.Count > 0 ? [.. parameters] : ["variant"];
        string[] latency = path is null ? [] : [$"p50 {path}", $"p99 {path}"];
        var table = new PageTable(
            "One row for each combination of the matrix", [.. names.Select(name => $"-{name}"), "Virtual time", "-End", "Exits", "Interrupts", .. latency, "-Digest", "-Outcome"]);
        foreach (var variant in variants)
        {
            var row = variant.Latencies.FirstOrDefault(each => each.Path == path);
            string[] values = parameters.Count > 0 ? [.. parameters.Select(name => variant.Parameters[name])] : [variant.Name];
            string[] times = path is null ? [] : row is null ? ["-", "-"] : [Quantity.Microseconds(row.P50Ns), Quantity.Microseconds(row.P99Ns)];
            table.Add(
            [
                .. values, Quantity.Time(variant.VirtualNs), variant.EndReason, $"{variant.Exits.Sum(each => each.Count)}", $"{variant.Interrupts.Raised}",
                .. times, variant.Digest[..Math.Min(ShortDigest, variant.Digest.Length)], VariantParameters.Outcome(variant),
            ]);
        }

        page.Open("section");
        page.Element("h2", "Variants");
        table.Write(page, "report.json");
        page.Close();
    }

    private static void WriteVerdict(MarkupWriter page, RunReport report)
    {
        var expectations = report.Variants.Sum(variant => variant.Expectations.Count);
        var failed = report.Variants.Sum(variant => variant.Expectations.Count(expectation => !expectation.Holds));
        var violations = report.Variants.Sum(variant => variant.Violations.Count);
        var ended = report.Variants.Count(variant => variant.EndReason is "assertion" or "error");
        var variants = report.Variants.Count == 1 ? "1 variant" : $"{report.Variants.Count} variants";
        if (report.EndReason == "interrupted")
        {
            page.Element("p", $"Interrupted: {variants} were begun, expectations of the last were not judged.", ("class", "verdict bad"));
        }
        else if (failed + violations + ended > 0)
        {
            page.Element("p", $"Failed: {failed} of {expectations} expectations do not hold, {violations} violated invariants, {ended} failed assertions; {variants}.", ("class", "verdict bad"));
        }
        else
        {
            page.Element("p", expectations == 0 ? $"Nothing was expected and judged; {variants}." : $"All {expectations} expectations hold; {variants}, no violated invariant.", ("class", "verdict good"));
        }
    }

    private static void WriteFacts(MarkupWriter page, RunReport report)
    {
        page.Open("dl");
        Fact("Seed", report.Variants.Any(variant => variant.SeedDecided) ? $"{report.Seed}" : $"{report.Seed}, which decided nothing: every seed gives this run");
        Fact("Digest", report.Digest);
        Fact("Virtual time", $"{Quantity.Time(report.VirtualNs)}, {report.EndReason}");
        Fact("Messages", $"{report.Messages} in {report.Windows} windows");
        Fact("Carried out", $"in {report.WallSeconds:0.00} s, nodes: {report.Nodes}, threads of each: {report.Threads}");
        page.Close();

        void Fact(string name, string value)
        {
            page.Element("dt", name);
            page.Element("dd", value);
        }
    }
}
