using Trapline.Host.Reports.Snapshots;

namespace Trapline.Host.Rendering;

/// <summary>The state in checkpoints as text.</summary>
internal static class SnapshotStateRenderer
{
    /// <summary>Rows of one actor that a difference shows, unless all are asked for.</summary>
    public const int MostRows = 20;

    private const string Zero = "0x0";
    private const string Absent = "-";

    public static void Write(TextWriter writer, SnapshotShow shown, bool all)
    {
        writer.WriteLine(Title(shown.Checkpoint));
        if (shown.Actors[0].Rows is null)
        {
            var table = new TextTable("-actor", "-group", "rows", "waiting", "last active");
            foreach (var actor in shown.Actors)
            {
                table.Add(actor.Name, actor.Group, $"{actor.RowCount}", $"{actor.Waiting}", Quantity.Time(actor.NowNs));
            }

            table.Write(writer, Terminal.LayoutWidth);
            return;
        }

        foreach (var actor in shown.Actors)
        {
            var rows = actor.Rows!.Where(row => all || row.Value != Zero).ToList();
            writer.WriteLine();
            writer.WriteLine($"{actor.Name}: {actor.RowCount} rows{(rows.Count < actor.RowCount ? $", {actor.RowCount - rows.Count} of them 0 and not shown (--all)" : "")}; {actor.Waiting} waiting; last active at {Quantity.Time(actor.NowNs)}");
            foreach (var row in rows)
            {
                writer.WriteLine($"  {row.Name} = {row.Value}");
            }
        }
    }

    public static void Write(TextWriter writer, SnapshotDiff diff, bool all)
    {
        writer.WriteLine($"A {Title(diff.A)}");
        writer.WriteLine($"B {Title(diff.B)}");
        foreach (var actor in diff.Actors)
        {
            writer.WriteLine();
            writer.WriteLine($"{actor.Name}: {actor.Differences} of {actor.RowCount} rows differ");
            var shown = all ? actor.Rows.Count : Math.Min(MostRows, actor.Rows.Count);
            foreach (var row in actor.Rows.Take(shown))
            {
                writer.WriteLine($"  {row.Name}: {row.A ?? Absent} -> {row.B ?? Absent}");
            }

            if (shown < actor.Rows.Count)
            {
                writer.WriteLine($"  and {actor.Rows.Count - shown} more (--all)");
            }
        }

        writer.WriteLine();
        writer.WriteLine(diff.Actors.Count == 0 ? "they are equal" : $"{diff.Actors.Sum(actor => actor.Differences)} rows of {diff.Actors.Count} actors and groups differ");
    }

    private static string Title(SnapshotRow row) => $"{row.Id}: {row.Scenario}{(row.Variant.Length == 0 || row.Variant == row.Scenario ? "" : $" {row.Variant}")}, seed {row.Seed}, at {Quantity.Time(row.AtNs)}";
}
