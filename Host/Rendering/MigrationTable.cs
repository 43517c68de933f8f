using Trapline.Machines.Results.Migrations;

namespace Trapline.Host.Rendering;

/// <summary>Migrations, a line each; then of each the steps as a time line, what was pending, and the registers that differ.</summary>
internal sealed class MigrationTable(IReadOnlyList<MigrationRow> migrations, Terminal terminal)
{
    private const int MostInFull = 4;
    private const int MostRegisters = 8;
    private const int MostLines = 20;
    private const int BarWidth = 44;
    private const string Unknown = "-";

    public void Write(TextWriter writer)
    {
        if (migrations.Count == 0)
        {
            return;
        }

        Title(writer, "Migrations:");
        var table = new TextTable("#", "-Outcome", "-Hosts", "Began", "Total", "Downtime", "Rounds", "Bytes", "-Ended in");
        foreach (var row in migrations.Take(MostLines))
        {
            table.Add(
                $"{row.Number}", row.Outcome, $"{row.From}->{row.To}", Quantity.Time(row.BeganNs), TimeOf(row.TotalNs), TimeOf(row.DowntimeNs),
                $"{row.Rounds.Count}", $"{row.Bytes}", row.EndedIn);
        }

        table.Write(writer, Terminal.LayoutWidth);
        foreach (var row in migrations.Take(MostInFull))
        {
            WriteOne(writer, row);
        }

        if (migrations.Count > MostInFull)
        {
            writer.WriteLine();
            writer.WriteLine($"All {migrations.Count} are in report.json and {Reports.Csv.ReportCsv.Migrations}.");
        }
    }

    private void WriteOne(TextWriter writer, MigrationRow row)
    {
        var tamper = row.Tamper.Count == 0 ? "" : $", with {string.Join(", ", row.Tamper)}";
        var failed = row.FailedSide is null ? "" : $", the {row.FailedSide} failed";
        var error = row.Error is null ? "" : $": {row.Error}";
        Title(writer, $"Migration {row.Number}, {row.Outcome}{failed}{error}; the VM runs on host {row.RunsAt}{tamper}:");
        WriteSteps(writer, row);
        if (row.Pending is { } pending)
        {
            writer.WriteLine($"  pending at the switch: {Describe(pending)}");
        }

        if (row.RegistersCompared == 0)
        {
            return;
        }

        writer.WriteLine($"  registers that differ: {row.RegistersChanged} of {row.RegistersCompared}");
        foreach (var register in row.Registers.Where(register => register.Differs).Take(MostRegisters))
        {
            writer.WriteLine($"    {register.Device} {register.Register}: {register.Before} -> {register.After}{(register.Judgement.Length > 0 ? ", " : "")}{register.Judgement}");
        }

        if (row.RegistersChanged > MostRegisters)
        {
            writer.WriteLine($"    {row.RegistersChanged - MostRegisters} more in report.json");
        }
    }

    /// <summary>In words, as the page has it too.</summary>
    internal static string Describe(PendingRow pending)
    {
        (uint Count, string One, string Many)[] parts =
        [
            (pending.Ipis, "IPI", "IPIs"), (pending.Vectors, "EIOINTC vector", "EIOINTC vectors"), (pending.Pins, "PCH-PIC pin", "PCH-PIC pins"),
            (pending.Lines, "vCPU line", "vCPU lines"), (pending.Timers, "timer", "timers"),
        ];
        var found = parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {(part.Count == 1 ? part.One : part.Many)}").ToList();
        return found.Count == 0 ? "nothing" : string.Join(", ", found);
    }

    /// <summary>Where each step lies in the whole, drawn to scale; what is too short to be seen has one column all the same.</summary>
    private static void WriteSteps(TextWriter writer, MigrationRow row)
    {
        var end = row.LastNs;
        var whole = Math.Max(end - row.BeganNs, 0.001m);
        foreach (var step in row.Steps)
        {
            var from = Math.Min((int)((step.BeginNs - row.BeganNs) * BarWidth / whole), BarWidth - 1);
            var to = Math.Clamp((int)(((step.EndNs ?? end) - row.BeganNs) * BarWidth / whole), from + 1, BarWidth);
            var bar = new string(' ', from) + new string('=', to - from);
            writer.WriteLine($"  {step.Step,-9}|{bar.PadRight(BarWidth)}|{TimeOf(step.EndNs - step.BeginNs),12}");
        }
    }

    private static string TimeOf(decimal? nanoseconds) => nanoseconds is { } known ? Quantity.Time(known) : Unknown;

    private void Title(TextWriter writer, string text)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong(text));
        writer.WriteLine();
    }
}
