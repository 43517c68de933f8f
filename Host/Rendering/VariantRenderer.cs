using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>Everything that was found about one variant, section by section; a section with nothing in it is left out.</summary>
internal sealed class VariantRenderer(TextWriter writer, Terminal terminal)
{
    private const int MostMarks = 10;
    private const int MostFaults = 10;

    // The columns of perf kvm stat, narrowed so that the table fits 80: its name column is 20 wide, its times 9 and a unit.
    private static readonly int[] ExitWidths = [19, 8, 8, 8, 10, 10, 10];
    private static readonly int[] LatencyWidths = [19, 8, 10, 10, 10, 10];

    /// <param name="variant">The variant.</param>
    /// <param name="ofMany">Whether the totals of the run are those of other variants too: then this one's are printed.</param>
    public void Write(VariantReport variant, bool ofMany)
    {
        writer.WriteLine($"{variant.EndReason} at {Quantity.Time(variant.VirtualNs)}{(variant.EndDetail.Length > 0 ? ": " : "")}{variant.EndDetail}");
        if (ofMany)
        {
            writer.WriteLine($"{variant.Windows} windows, {variant.Messages} messages, {Quantity.Rate(variant.Messages / variant.WallSeconds)} messages/s");
            writer.WriteLine($"digest {variant.Digest}");
        }

        WriteExits(variant.Exits);
        WriteLatencies(variant.Latencies);
        new VcpuTable(variant.Vcpus, terminal).Write(writer);
        WriteInterrupts(variant.Interrupts);
        WriteLocks(variant.Locks);
        WriteCounters(variant.Counters);
        WriteMarks(variant.Marks);
        new SectionTable(variant.Sections, terminal).Write(writer);
        new MigrationTable(variant.Migrations, terminal).Write(writer);
        new SplitTable(variant.Split, terminal).Write(writer);
        WriteExpectations(variant);
        WriteViolations(variant);
    }

    private void Title(string text)
    {
        writer.WriteLine();
        writer.WriteLine(terminal.Strong(text));
        writer.WriteLine();
    }

    private void WriteExits(IReadOnlyList<ExitRow> exits)
    {
        if (exits.Count == 0)
        {
            return;
        }

        Title("Exits, time outside the guest:");
        var table = new TextTable("VM-EXIT", "Samples", "Samples%", "Time%", "Min Time", "Max Time", "Avg time") { LeastWidths = ExitWidths, HeaderGap = true };
        foreach (var row in exits)
        {
            table.Add(
                row.Reason, $"{row.Count}", Quantity.Percent(row.Share), Quantity.Percent(row.TimeShare),
                Quantity.Microseconds(row.MinNs), Quantity.Microseconds(row.MaxNs), Quantity.Microseconds(row.AvgNs));
        }

        table.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        writer.WriteLine($"Total Samples:{exits.Sum(row => row.Count)}, Total events handled time:{Quantity.Microseconds(exits.Sum(row => row.Count * row.AvgNs))}.");
    }

    private void WriteLatencies(IReadOnlyList<LatencyRow> latencies)
    {
        if (latencies.Count == 0)
        {
            return;
        }

        Title("Latency, from send to handler entry:");
        var table = new TextTable("Path", "Count", "p50", "p90", "p99", "Max") { LeastWidths = LatencyWidths };
        foreach (var row in latencies)
        {
            table.Add(
                row.Path, $"{row.Count}", Quantity.Microseconds(row.P50Ns), Quantity.Microseconds(row.P90Ns),
                Quantity.Microseconds(row.P99Ns), Quantity.Microseconds(row.MaxNs));
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    private void WriteInterrupts(InterruptTotals totals)
    {
        if (totals.Raised == 0)
        {
            return;
        }

        writer.WriteLine();
        var withdrawn = totals.Withdrawn > 0 ? $" + {totals.Withdrawn} withdrawn" : "";
        writer.WriteLine($"Interrupts: {totals.Raised} raised = {totals.Handled} handled + {totals.Coalesced} coalesced + {totals.Masked} masked + {totals.Pending} pending{withdrawn}");
    }

    private void WriteLocks(IReadOnlyList<LockRow> locks)
    {
        if (locks.Count == 0)
        {
            return;
        }

        Title("Locks:");
        var table = new TextTable("Lock", "Taken", "Waited", "Wait in all", "Mean", "Longest", "Queue");
        foreach (var row in locks)
        {
            table.Add(
                row.Lock, $"{row.Acquisitions}", $"{row.Waited}", Quantity.Time(row.WaitTotalNs), Quantity.Time(row.Waited == 0 ? 0 : row.WaitTotalNs / row.Waited),
                Quantity.Time(row.WaitMaxNs), $"{row.GreatestQueue}");
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    private void WriteCounters(IReadOnlyDictionary<string, long> counters)
    {
        if (counters.Count == 0)
        {
            return;
        }

        Title("Counters, of all vCPUs:");
        var width = counters.Keys.Max(name => name.Length);
        foreach (var (name, value) in counters)
        {
            writer.WriteLine($"  {name.PadRight(width)}  {value}");
        }
    }

    private void WriteMarks(IReadOnlyList<MarkRow> marks)
    {
        if (marks.Count == 0)
        {
            return;
        }

        Title("Marks:");
        foreach (var mark in marks.Take(MostMarks))
        {
            writer.WriteLine($"  {Quantity.Microseconds(mark.Ns),14}  {VcpuNames.Of(mark.Machine, mark.Vcpu)}  {mark.Name} {mark.Value}");
        }

        if (marks.Count > MostMarks)
        {
            writer.WriteLine($"  {marks.Count - MostMarks} more in report.json");
        }
    }

    private void WriteExpectations(VariantReport variant)
    {
        if (variant.Expectations.Count == 0)
        {
            return;
        }

        // What was cut short has failed nothing.
        if (variant.EndReason == "interrupted")
        {
            writer.WriteLine();
            writer.WriteLine("Expectations: not judged, the run was interrupted");
            return;
        }

        Title("Expectations:");
        foreach (var expectation in variant.Expectations)
        {
            writer.WriteLine($"  {terminal.Verdict(expectation.Holds)} {expectation.Text}");
            if (!expectation.Holds)
            {
                writer.WriteLine($"    found {expectation.Actual}");
            }
        }
    }

    private void WriteViolations(VariantReport variant)
    {
        if (variant.Faults.Count > 0)
        {
            Title("Planned faults that hit:");
            foreach (var fault in variant.Faults.Take(MostFaults))
            {
                writer.WriteLine($"  {Quantity.Microseconds(fault.AtNs),14}  {fault.Text}");
            }

            if (variant.Faults.Count > MostFaults)
            {
                writer.WriteLine($"  {variant.Faults.Count - MostFaults} more in report.json");
            }
        }

        if (variant.Violations.Count > 0)
        {
            Title("Violated invariants:");
            new ViolationRenderer(writer, terminal).Write(variant.Violations);
        }
    }
}
