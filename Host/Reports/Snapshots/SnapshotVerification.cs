namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot verify --json</c> prints.</summary>
/// <param name="Store">Where they are, without a password.</param>
/// <param name="Verified">Whether all of them are whole and unaltered.</param>
/// <param name="Checkpoints">In the order in which they were named; without names, the oldest first.</param>
internal sealed record SnapshotVerification(string Store, bool Verified, IReadOnlyList<SnapshotVerificationRow> Checkpoints);
