namespace Trapline.Host.Reports.Snapshots;

/// <summary>An actor, or a group beside its actors, that two checkpoints have in different states.</summary>
/// <param name="Name"><c>vcpu3</c>, <c>group/vcpu3</c>.</param>
/// <param name="RowCount">Rows of its state, in the checkpoint that has more of them.</param>
/// <param name="Differences">How many differ.</param>
/// <param name="Rows">Those that do.</param>
internal sealed record SnapshotDiffActor(string Name, int RowCount, int Differences, IReadOnlyList<SnapshotDiffRow> Rows);
