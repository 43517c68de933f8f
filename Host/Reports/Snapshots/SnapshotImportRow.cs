namespace Trapline.Host.Reports.Snapshots;

/// <summary>A file that was imported.</summary>
/// <param name="File">Its path.</param>
/// <param name="Id">Of its checkpoint.</param>
/// <param name="Added">False where the store had it already.</param>
internal sealed record SnapshotImportRow(string File, string Id, bool Added);
