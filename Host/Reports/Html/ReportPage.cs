using System.Reflection;
using Trapline.Cluster.Traces.Rounds;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Html;

/// <summary>
/// The report as one file for a browser, offline: the style sheet and the charts are in it, it loads nothing, and it has no
/// program in it. The same report gives the same bytes.
/// </summary>
internal static class ReportPage
{
    private const string StyleSheet = "report.css";

    /// <summary>Nothing may be loaded and nothing executed, whatever a name smuggles in.</summary>
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    /// <param name="report">What the run found.</param>
    /// <param name="rounds">Time lines, of runs that were asked for them.</param>
    public static string Write(RunReport report, IReadOnlyList<Round>? rounds = null)
    {
        var page = new MarkupWriter();
        page.Verbatim("<!DOCTYPE html>\n");
        page.Open("html", ("lang", "en"));
        WriteHead(page, report);
        page.Open("body");
        page.Open("main");
        SummarySection.Write(page, report);
        FailuresSection.Write(page, report.Variants);
        SummarySection.WriteVariants(page, report.Variants);
        ExitsSection.Write(page, report.Variants);
        LatencySection.Write(page, report.Variants);
        LocksSection.Write(page, report.Variants);
        MigrationSection.Write(page, report.Variants);
        RoundSection.Write(page, rounds ?? [], report.Variants.Count);
        FailuresSection.WriteExpectations(page, report.Variants);
        page.Element("footer", "Times are virtual but the one of carrying it out. What the figures mean: docs/manual/results.md of Trapline. Beside this file: report.json has everything, the CSV files have one row for each variant and item.");
        page.Close();
        page.Close();
        page.Close();
        return page.ToString();
    }

    private static void WriteHead(MarkupWriter page, RunReport report)
    {
        page.Open("head");
        page.Empty("meta", ("charset", "utf-8"));
        page.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
        page.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        page.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
        page.Element("title", $"{report.Scenario}, seed {report.Seed}");
        page.Open("style");
        page.Verbatim(Style());
        page.Close();
        page.Close();
    }

    private static string Style()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(StyleSheet)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
