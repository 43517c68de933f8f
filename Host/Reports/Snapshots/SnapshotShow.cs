namespace Trapline.Host.Reports.Snapshots;

/// <summary>What <c>snapshot show --json</c> prints.</summary>
/// <param name="Checkpoint">As <c>snapshot list</c> has it.</param>
/// <param name="Actors">In the order of the machine, of each group first the group.</param>
internal sealed record SnapshotShow(SnapshotRow Checkpoint, IReadOnlyList<SnapshotActor> Actors);
