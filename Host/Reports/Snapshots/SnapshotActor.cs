using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Host.Commands.Snapshots;

namespace Trapline.Host.Reports.Snapshots;

/// <summary>An actor, or a group beside its actors.</summary>
/// <param name="Name"><c>vcpu3</c>, <c>group/vcpu3</c>.</param>
/// <param name="Group">Name of its group.</param>
/// <param name="NowNs">When something happened last in the group, virtual nanoseconds.</param>
/// <param name="Waiting">Messages and timers that wait for it.</param>
/// <param name="RowCount">Rows of its state.</param>
/// <param name="Rows">The rows; null where no actor was named.</param>
internal sealed record SnapshotActor(string Name, string Group, decimal NowNs, int Waiting, int RowCount, IReadOnlyList<SnapshotValue>? Rows)
{
    public static SnapshotActor Of(ActorState state, bool withRows) => new(
        state.Name, state.Group, SnapshotStateCommand.Ns(state.Now), state.Waiting, state.Rows.Count,
        withRows ? [.. state.Rows.Select(row => new SnapshotValue(row.Key, SnapshotStateCommand.Value(row.Value)))] : null);
}
