namespace Trapline.Host.Reports.Snapshots;

/// <summary>A row that differs.</summary>
/// <param name="Name">Of the row.</param>
/// <param name="A">Its value in the first checkpoint, hexadecimal; null where that has no such row.</param>
/// <param name="B">Its value in the other one.</param>
internal sealed record SnapshotDiffRow(string Name, string? A, string? B);
