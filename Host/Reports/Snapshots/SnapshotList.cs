namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot list --json</c> prints.</summary>
/// <param name="Store">Where they are, without a password.</param>
/// <param name="Exists">False where there is no store yet.</param>
/// <param name="Checkpoints">The oldest first.</param>
internal sealed record SnapshotList(string Store, bool Exists, IReadOnlyList<SnapshotRow> Checkpoints);
