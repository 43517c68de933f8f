namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot export --json</c> prints.</summary>
/// <param name="Id">Of the checkpoint.</param>
/// <param name="File">That was written.</param>
/// <param name="Bytes">Of the file.</param>
internal sealed record SnapshotExport(string Id, string File, long Bytes);
