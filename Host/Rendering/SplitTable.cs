using Trapline.Machines.Results;

namespace Trapline.Host.Rendering;

/// <summary>How a variant went over several nodes: where their wall time went, and whether splitting it paid.</summary>
internal sealed class SplitTable(SplitReport? split, Terminal terminal)
{
    public void Write(TextWriter writer)
    {
        if (split is null)
        {
            return;
        }

        writer.WriteLine();
        writer.WriteLine(terminal.Strong($"Split over {split.Nodes.Count} nodes: {split.Speed:0.00} x one process, by the time that they computed"));
        writer.WriteLine();
        var table = new TextTable("Node", "Groups", "Computed", "Waited", "Messages sent");
        foreach (var node in split.Nodes)
        {
            table.Add($"{node.Node}", $"{node.Groups}", $"{node.ComputedSeconds:0.000}s", $"{node.WaitedSeconds:0.000}s", $"{node.Messages}");
        }

        table.Write(writer, Terminal.LayoutWidth);
        writer.WriteLine();
        TextBlock.Write(writer, split.Limiting.Length == 0
            ? $"{split.Windows} windows between nodes; no path leads from one to another."
            : $"{split.Windows} windows between nodes, each at most {Quantity.Time(split.LookaheadNs)}: {split.Limiting}.");
        if (split.Hint.Length > 0)
        {
            TextBlock.Write(writer, $"Hint: {split.Hint}.");
        }
    }
}
