using Trapline.Host.Reports.Snapshots;

namespace Trapline.Host.Rendering;

/// <summary>Checkpoints of a store as text.</summary>
internal static class SnapshotsRenderer
{
    public static void Write(TextWriter writer, SnapshotList list)
    {
        if (list.Checkpoints.Count == 0)
        {
            writer.WriteLine(list.Exists ? $"no checkpoints in {list.Store}" : $"no checkpoints: there is no store {list.Store} yet");
            return;
        }

        // The first column gives way where there is too little room.
        var table = new TextTable("-run", "-id", "at", "stored", "-saved (UTC)");
        foreach (var row in list.Checkpoints)
        {
            table.Add(Run(row), row.Id, Quantity.Time(row.AtNs), Quantity.Bytes(row.StoredBytes), row.SavedAt.ToString("yyyy-MM-dd HH:mm"));
        }

        table.Write(writer, Terminal.LayoutWidth);
    }

    public static void Write(TextWriter writer, Terminal terminal, SnapshotVerification verification)
    {
        foreach (var row in verification.Checkpoints)
        {
            writer.WriteLine($"{terminal.Verdict(row.Problem is null)} {row.Id}{(row.Problem is null ? "" : $" {row.Problem}")}");
        }

        if (verification.Checkpoints.Count == 0)
        {
            writer.WriteLine($"no checkpoints in {verification.Store}");
        }
    }

    public static void Write(TextWriter writer, SnapshotPruning pruning)
    {
        foreach (var id in pruning.Removed)
        {
            writer.WriteLine($"{(pruning.DryRun ? "would remove" : "removed")} {id}");
        }

        writer.WriteLine($"{pruning.Kept} {(pruning.DryRun ? "would be" : "are")} left in {pruning.Store}");
    }

    private static string Run(SnapshotRow row) => row.Variant.Length == 0 ? row.Scenario : $"{row.Scenario} {row.Variant}";
}
