using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>What the sections of a guest cost: one line each where the guest counts operations, and a ledger of each on the first vCPU that has it.</summary>
internal sealed class SectionTable(IReadOnlyList<SectionRow> sections, Terminal terminal)
{
    private const int MostLedgers = 4;

    public void Write(TextWriter writer)
    {
        if (sections.Count == 0)
        {
            return;
        }

        // A guest that times many operations wants them side by side; one with a section or two wants to know what they are made of.
        var names = sections.Select(section => section.Name).Distinct().ToList();
        if (names.Count > MostLedgers)
        {
            WriteOperations(writer);
            return;
        }

        foreach (var name in names)
        {
            WriteLedger(writer, name);
        }
    }

    private void WriteOperations(TextWriter writer)
    {
        Title(writer, "Sections, per operation:");
        var table = new TextTable("Section", "vCPU", "Operations", "ns", "of which");
        foreach (var section in sections)
        {
            table.Add(section.Name, $"{VcpuNames.PrefixOf(section.Machine)}{section.Vcpu}", $"{section.Operations}", Number(PerOperation(section)), Parts(section));
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    /// <summary>The named costs that make up most of it, the greatest first.</summary>
    private static string Parts(SectionRow section) => string.Join(", ", section.Costs
        .OrderByDescending(cost => cost.Ns)
        .Take(2)
        .Select(cost => cost.Name));

    private void WriteLedger(TextWriter writer, string name)
    {
        var rows = sections.Where(section => section.Name == name).ToList();
        var first = rows[0];
        var others = rows.Count > 1 ? $", the first of {rows.Count} vCPUs" : "";
        Title(writer, $"Section {name} on {VcpuNames.Of(first.Machine, first.Vcpu)}{others}, {first.Passes} {(first.Passes == 1 ? "pass" : "passes")}:");
        var table = new TextTable("Cost", "Count", "ns", "ns/pass");
        foreach (var cost in first.Costs)
        {
            table.Add(cost.Name, cost.IsCost ? $"{cost.Count}" : "", Number(cost.Ns), Number(cost.Ns / first.Passes));
        }

        table.Add("together", "", Number(first.Ns), Number(first.Ns / first.Passes));
        table.Write(writer, Terminal.LayoutWidth);
    }

    private static decimal PerOperation(SectionRow section) => section.Operations == 0 ? section.Ns / section.Passes : section.Ns / section.Operations;

    private static string Number(decimal nanoseconds) => decimal.Round(nanoseconds, 3).ToString("0.###");

    private void Title(TextWriter writer, string text)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong(text));
        writer.WriteLine();
    }
}
