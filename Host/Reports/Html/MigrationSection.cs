using Trapline.Host.Rendering;
using Trapline.Host.Reports.Csv;
using Trapline.Machines.Results;
using Trapline.Machines.Results.Migrations;

namespace Trapline.Host.Reports.Html;

/// <summary>Migrations: all in a table, and of the first ones the time lines, the rounds, and the registers before and after.</summary>
internal static class MigrationSection
{
    /// <summary>Time lines of a page; the tables and the CSV files have the others.</summary>
    private const int MostCharts = 8;

    private static readonly string[] Steps = ["setup", "precopy", "stop", "save", "transfer", "load", "handover", "resume"];

    public static void Write(MarkupWriter page, IReadOnlyList<VariantReport> variants)
    {
        var all = variants.SelectMany(variant => variant.Migrations.Select(row => (Variant: variant.Name, Row: row))).ToList();
        if (all.Count == 0)
        {
            return;
        }

        page.Open("section");
        page.Element("h2", "Migrations");
        page.Element("p", "The VM goes from one host to the other while its guest runs. The downtime is the time from the beginning of the stop until vCPUs run again.", ("class", "lead"));
        WriteTable(page, all);
        WriteKey(page);
        var shown = all.Take(MostCharts).ToList();
        var (whole, down) = (shown.Max(entry => MigrationChart.WholeSpan(entry.Row)), shown.Max(entry => MigrationChart.DownSpan(entry.Row)));
        if (shown.Count > 1)
        {
            page.Element("p", "All time lines of the whole are on one scale, and all of the downtime on another.", ("class", "note"));
        }

        foreach (var (variant, row) in shown)
        {
            WriteOne(page, variant, row, whole, down);
        }

        if (all.Count > shown.Count)
        {
            page.Element("p", $"The first {shown.Count} of {all.Count} migrations; all are in {ReportCsv.Migrations} and report.json.", ("class", "note"));
        }

        page.Close();
    }

    private static void WriteTable(MarkupWriter page, IEnumerable<(string Variant, MigrationRow Row)> migrations)
    {
        var table = new PageTable("All migrations", "-Variant", "#", "-Outcome", "-Hosts", "-Runs on", "Began", "Total", "Downtime", "Rounds", "Bytes");
        foreach (var (variant, row) in migrations)
        {
            table.Add(
                variant, $"{row.Number}", Outcome(row), $"{row.From} to {row.To}", $"host {row.RunsAt}", Quantity.Time(row.BeganNs), TimeOf(row.TotalNs), TimeOf(row.DowntimeNs),
                $"{row.Rounds.Count}", $"{row.Bytes}");
        }

        table.Write(page, ReportCsv.Migrations);
    }

    private static string Outcome(MigrationRow row)
    {
        var failed = row.FailedSide is null ? "" : $", {row.FailedSide}";
        return row.Outcome == "completed" ? row.Outcome : $"{row.Outcome} in {MigrationChart.NameOf(row.EndedIn)}{failed}{(row.Error is null ? "" : $": {row.Error}")}";
    }

    private static void WriteKey(MarkupWriter page)
    {
        page.Open("ul", ("class", "legend"));
        WriteKey(page, MigrationChart.GuestSeries, "guest runs");
        foreach (var step in Steps)
        {
            WriteKey(page, MigrationChart.SeriesOf(step), MigrationChart.NameOf(step));
        }

        page.Close();
    }

    private static void WriteKey(MarkupWriter page, int series, string name)
    {
        page.Open("li");
        page.Element("span", "", ("class", $"key s{series}"));
        page.Text(name);
        page.Close();
    }

    private static void WriteOne(MarkupWriter page, string variant, MigrationRow row, decimal whole, decimal down)
    {
        var tamper = row.Tamper.Count == 0 ? "" : $", with {string.Join(", ", row.Tamper)}";
        page.Element("h3", $"{variant}, migration {row.Number}: {Outcome(row)}{tamper}");
        // The number alone: a name of a variant may be longer than a chart is wide.
        MigrationChart.WriteWhole(page, row, $"migration {row.Number}", whole);
        MigrationChart.WriteDowntime(page, row, $"migration {row.Number}", down);
        if (row.Pending is { } pending)
        {
            page.Element("p", $"Read out: {row.StateItems} values, {row.StateBytes} bytes on the link. Pending then: {MigrationTable.Describe(pending)}.");
        }

        WriteRegisters(page, row);
        page.Open("details");
        page.Element("summary", "Steps and rounds in numbers");
        WriteSteps(page, row);
        WriteRounds(page, row);
        page.Close();
    }

    private static void WriteRegisters(MarkupWriter page, MigrationRow row)
    {
        if (row.RegistersCompared == 0)
        {
            return;
        }

        page.Element("p", $"Of {row.RegistersCompared} registers of vCPUs and controllers {(row.RegistersChanged == 0 ? "none" : row.RegistersChanged)} {(row.RegistersChanged > 1 ? "differ" : "differs")} between the source after the stop and the destination before its guest runs.");
        if (row.RegistersChanged > 0)
        {
            WriteRegisters(page, $"Registers that differ, migration {row.Number}", row.Registers.Where(register => register.Differs));
        }

        page.Open("details");
        page.Element("summary", $"Registers before and after, {row.Registers.Count} of {row.RegistersCompared}");
        WriteRegisters(page, $"Registers before and after, migration {row.Number}", row.Registers);
        page.Close();
    }

    private static void WriteRegisters(MarkupWriter page, string caption, IEnumerable<RegisterChange> registers)
    {
        var table = new PageTable(caption, "-Device", "-Register", "Before", "After", "-Why, and whether it matters");
        foreach (var register in registers)
        {
            table.Add(register.Device, register.Register, register.Before, register.After, register.Judgement.Length > 0 ? register.Judgement : register.Differs ? "?" : "equal");
        }

        table.Write(page, ReportCsv.MigrationRegisters);
    }

    private static void WriteSteps(MarkupWriter page, MigrationRow row)
    {
        var table = new PageTable($"Steps, migration {row.Number}", "-Step", "From", "To", "Length");
        foreach (var step in row.Steps)
        {
            table.Add(MigrationChart.NameOf(step.Step), Quantity.Time(step.BeginNs), TimeOf(step.EndNs), TimeOf(step.EndNs - step.BeginNs));
        }

        table.Write(page, ReportCsv.MigrationSteps);
    }

    private static void WriteRounds(MarkupWriter page, MigrationRow row)
    {
        var table = new PageTable($"Rounds of copying pages, migration {row.Number}; the last one while the guest is stopped, where it was", "Round", "From", "Length", "Pages", "Zero pages", "Bytes");
        for (var i = 0; i < row.Rounds.Count; i++)
        {
            var round = row.Rounds[i];
            table.Add($"{i + 1}", Quantity.Time(round.StartNs), TimeOf(round.EndNs - round.StartNs), $"{round.Pages}", $"{round.ZeroPages}", $"{round.Bytes}");
        }

        table.Write(page, ReportCsv.MigrationRounds);
    }

    private static string TimeOf(decimal? nanoseconds) => nanoseconds is { } known ? Quantity.Time(known) : "-";
}
