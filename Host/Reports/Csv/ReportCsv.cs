using System.Globalization;
using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Csv;

/// <summary>The tables of a report, one file each, one row for each variant and item; numbers as report.json has them.</summary>
internal static class ReportCsv
{
    public const string Migrations = "migrations.csv";
    public const string MigrationRounds = "migration-rounds.csv";
    public const string MigrationSteps = "migration-steps.csv";
    public const string MigrationRegisters = "migration-registers.csv";

    private static readonly (string Name, Func<IReadOnlyList<VariantReport>, string> Write)[] Files =
    [
        ("exits.csv", Exits),
        ("latencies.csv", Latencies),
        ("interrupts.csv", Interrupts),
        ("counters.csv", Counters),
        ("locks.csv", Locks),
    ];

    private static readonly (string Name, Func<IReadOnlyList<VariantReport>, string> Write)[] OfMigrations =
    [
        (Migrations, MigrationCsv.Migrations),
        (MigrationSteps, MigrationCsv.Steps),
        (MigrationRounds, MigrationCsv.Rounds),
        (MigrationRegisters, MigrationCsv.Registers),
    ];

    /// <summary>Those that a run may write.</summary>
    public static IEnumerable<string> Names => Files.Concat(OfMigrations).Select(file => file.Name);

    /// <summary>Names of the files and their texts; those of migrations where there was one.</summary>
    public static IEnumerable<(string Name, string Text)> Write(RunReport report) =>
        (report.Variants.Any(variant => variant.Migrations.Count > 0) ? Files.Concat(OfMigrations) : Files).Select(file => (file.Name, file.Write(report.Variants)));

    private static string Exits(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "reason", "count", "share", "timeShare", "minNs", "avgNs", "maxNs");
        foreach (var variant in variants)
        {
            foreach (var row in variant.Exits)
            {
                csv.Add(variant.Name, row.Reason, Text(row.Count), Text(row.Share), Text(row.TimeShare), Text(row.MinNs), Text(row.AvgNs), Text(row.MaxNs));
            }
        }

        return csv.ToString();
    }

    private static string Latencies(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "path", "count", "p50Ns", "p90Ns", "p99Ns", "maxNs");
        foreach (var variant in variants)
        {
            foreach (var row in variant.Latencies)
            {
                csv.Add(variant.Name, row.Path, Text(row.Count), Text(row.P50Ns), Text(row.P90Ns), Text(row.P99Ns), Text(row.MaxNs));
            }
        }

        return csv.ToString();
    }

    private static string Interrupts(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "raised", "handled", "coalesced", "masked", "pending", "withdrawn");
        foreach (var variant in variants)
        {
            var row = variant.Interrupts;
            csv.Add(variant.Name, Text(row.Raised), Text(row.Handled), Text(row.Coalesced), Text(row.Masked), Text(row.Pending), Text(row.Withdrawn));
        }

        return csv.ToString();
    }

    private static string Counters(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "counter", "value");
        foreach (var variant in variants)
        {
            foreach (var (name, value) in variant.Counters)
            {
                csv.Add(variant.Name, name, Text(value));
            }
        }

        return csv.ToString();
    }

    private static string Locks(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "lock", "acquisitions", "waited", "waitTotalNs", "waitMaxNs", "greatestQueue");
        foreach (var variant in variants)
        {
            foreach (var row in variant.Locks)
            {
                csv.Add(variant.Name, row.Lock, Text(row.Acquisitions), Text(row.Waited), Text(row.WaitTotalNs), Text(row.WaitMaxNs), Text(row.GreatestQueue));
            }
        }

        return csv.ToString();
    }

    internal static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
