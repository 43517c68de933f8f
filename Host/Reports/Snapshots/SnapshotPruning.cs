namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot prune --json</c> prints.</summary>
/// <param name="Store">Where they are, or were; without a password.</param>
/// <param name="DryRun">Whether nothing was removed.</param>
/// <param name="Removed">Ids of those that were, or would be, removed; the oldest first.</param>
/// <param name="Kept">How many are left, or would be.</param>
internal sealed record SnapshotPruning(string Store, bool DryRun, IReadOnlyList<string> Removed, int Kept);
