namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot import --json</c> prints.</summary>
/// <param name="Store">Where they are now, without a password.</param>
/// <param name="Files">In the order in which they were named.</param>
internal sealed record SnapshotImport(string Store, IReadOnlyList<SnapshotImportRow> Files);
