using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>
/// Interrupts per vCPU. Neighbours with equal numbers share a row; where many rows are left the first are shown, and the
/// least, the median and the greatest of each column.
/// </summary>
internal sealed class VcpuTable(IReadOnlyList<VcpuInterrupts> vcpus, Terminal terminal)
{
    private const int MostRows = 12;
    private const int RowsBeforeSummary = 6;

    private static readonly string[] Fates = ["raised", "handled", "coalesced", "masked", "pending"];

    public void Write(TextWriter writer)
    {
        // Ordinal and as wide as the union: a line that one vCPU never saw is a 0 there.
        string[] lines = [.. vcpus.SelectMany(vcpu => vcpu.Lines.Keys).Distinct().Order(StringComparer.Ordinal)];
        var rows = vcpus.Select(vcpu => (Vcpu: vcpu, Numbers: Numbers(vcpu, lines))).ToList();
        if (rows.All(row => row.Numbers.All(number => number == 0)))
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine(terminal.Strong("Interrupts per vCPU, taken by line and what became of the raised:"));
        writer.WriteLine();
        var table = new TextTable(["vCPU", .. lines, .. Fates]);
        var folded = Fold(rows);
        var shown = folded.Count <= MostRows ? folded.Count : RowsBeforeSummary;
        foreach (var (name, numbers) in folded.Take(shown))
        {
            table.Add([name, .. numbers.Select(number => $"{number}")]);
        }

        if (shown < folded.Count)
        {
            AddSummary(table, rows);
        }

        table.Write(writer, Terminal.LayoutWidth);
        if (shown < folded.Count)
        {
            writer.WriteLine();
            writer.WriteLine($"min, median and max are over all {rows.Count} vCPUs; the rows of the others are in report.json.");
        }
    }

    private static long[] Numbers(VcpuInterrupts vcpu, string[] lines)
    {
        var totals = vcpu.Totals;
        return
        [
            .. lines.Select(line => vcpu.Lines.GetValueOrDefault(line)),
            totals.Raised, totals.Handled, totals.Coalesced, totals.Masked, totals.Pending,
        ];
    }

    private static List<(string Name, long[] Numbers)> Fold(List<(VcpuInterrupts Vcpu, long[] Numbers)> rows)
    {
        var folded = new List<(string, long[])>();
        for (var start = 0; start < rows.Count;)
        {
            var end = start + 1;
            while (end < rows.Count && rows[end].Vcpu.Machine == rows[start].Vcpu.Machine && rows[end].Numbers.SequenceEqual(rows[start].Numbers))
            {
                end++;
            }

            var first = rows[start].Vcpu;
            var name = VcpuNames.Of(first.Machine, first.Vcpu);
            folded.Add((end - start == 1 ? name : $"{name}-{rows[end - 1].Vcpu.Vcpu}", rows[start].Numbers));
            start = end;
        }

        return folded;
    }

    private static void AddSummary(TextTable table, List<(VcpuInterrupts Vcpu, long[] Numbers)> rows)
    {
        var columns = Enumerable.Range(0, rows[0].Numbers.Length)
            .Select(column => rows.Select(row => row.Numbers[column]).Order().ToArray())
            .ToList();
        table.Add(["min", .. columns.Select(sorted => $"{sorted[0]}")]);
        // Of an even number the lower of the two in the middle: a number that a vCPU has.
        table.Add(["median", .. columns.Select(sorted => $"{sorted[(sorted.Length - 1) / 2]}")]);
        table.Add(["max", .. columns.Select(sorted => $"{sorted[^1]}")]);
    }
}
