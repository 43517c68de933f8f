using Trapline.Machines.Results;

namespace Trapline.Host.Reports.Csv;

/// <summary>Migrations, and of each its steps, its rounds and the registers that were compared. What does not exist is an empty field.</summary>
internal static class MigrationCsv
{
    public static string Migrations(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText(
            "variant", "number", "outcome", "from", "to", "runsAt", "askedNs", "beganNs", "endedNs", "totalNs", "downtimeNs", "endedIn", "failedSide", "error",
            "rounds", "bytes", "stateBytes", "stateItems", "ipis", "vectors", "pins", "lines", "timers", "tamper", "registersCompared", "registersChanged");
        foreach (var variant in variants)
        {
            foreach (var row in variant.Migrations)
            {
                var pending = row.Pending;
                csv.Add(
                    variant.Name, Text(row.Number), row.Outcome, Text(row.From), Text(row.To), Text(row.RunsAt), Text(row.AskedNs), Text(row.BeganNs),
                    Text(row.EndedNs), Text(row.TotalNs), Text(row.DowntimeNs), row.EndedIn, row.FailedSide ?? "", row.Error ?? "",
                    Text(row.Rounds.Count), Text(row.Bytes), Text(row.StateBytes), Text(row.StateItems),
                    Text(pending?.Ipis), Text(pending?.Vectors), Text(pending?.Pins), Text(pending?.Lines), Text(pending?.Timers),
                    string.Join("; ", row.Tamper), Text(row.RegistersCompared), Text(row.RegistersChanged));
            }
        }

        return csv.ToString();
    }

    public static string Steps(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "migration", "step", "beginNs", "endNs");
        foreach (var variant in variants)
        {
            foreach (var migration in variant.Migrations)
            {
                foreach (var step in migration.Steps)
                {
                    csv.Add(variant.Name, Text(migration.Number), step.Step, Text(step.BeginNs), Text(step.EndNs));
                }
            }
        }

        return csv.ToString();
    }

    public static string Rounds(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "migration", "startNs", "endNs", "pages", "zeroPages", "bytes");
        foreach (var variant in variants)
        {
            foreach (var migration in variant.Migrations)
            {
                foreach (var round in migration.Rounds)
                {
                    csv.Add(variant.Name, Text(migration.Number), Text(round.StartNs), Text(round.EndNs), Text(round.Pages), Text(round.ZeroPages), Text(round.Bytes));
                }
            }
        }

        return csv.ToString();
    }

    public static string Registers(IReadOnlyList<VariantReport> variants)
    {
        var csv = new CsvText("variant", "migration", "device", "register", "before", "after", "differs", "judgement");
        foreach (var variant in variants)
        {
            foreach (var migration in variant.Migrations)
            {
                foreach (var register in migration.Registers)
                {
                    csv.Add(variant.Name, Text(migration.Number), register.Device, register.Register, register.Before, register.After, register.Differs ? "1" : "0", register.Judgement);
                }
            }
        }

        return csv.ToString();
    }

    private static string Text(IFormattable? number) => number is null ? "" : ReportCsv.Text(number);
}
