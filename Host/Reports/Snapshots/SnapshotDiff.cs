namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot diff --json</c> prints.</summary>
/// <param name="A">The first checkpoint.</param>
/// <param name="B">The other one.</param>
/// <param name="Actors">Those that differ; empty if the checkpoints are of equal state.</param>
internal sealed record SnapshotDiff(SnapshotRow A, SnapshotRow B, IReadOnlyList<SnapshotDiffActor> Actors);
