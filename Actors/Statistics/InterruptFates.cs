using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// What became of raises, told by device reports: a raise finds nothing pending and is handled when acknowledged, or
/// finds its like pending and is served with it, or its source takes it back before. Raised = Handled + Coalesced +
/// Withdrawn + still pending.
/// </summary>
public struct InterruptFates
{
    public long Raised;
    public long Coalesced;
    public long Handled;
    public long Withdrawn;

    /// <summary>Raises whose service has not come yet.</summary>
    public readonly long Open => Raised - Coalesced - Handled - Withdrawn;

    public void Add(in InterruptFates other)
    {
        Raised += other.Raised;
        Coalesced += other.Coalesced;
        Handled += other.Handled;
        Withdrawn += other.Withdrawn;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("fates");
        sync.Row("raised", ref Raised);
        sync.Row("coalesced", ref Coalesced);
        sync.Row("handled", ref Handled);
        sync.Row("withdrawn", ref Withdrawn);
        sync.End();
    }
}
