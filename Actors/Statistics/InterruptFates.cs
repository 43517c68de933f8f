using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// What became of raises, told by device reports: a raise finds nothing pending and is handled when acknowledged, or
/// finds its like pending and is served with it. Raised = Handled + Coalesced + still pending.
/// </summary>
public struct InterruptFates
{
    public long Raised;
    public long Coalesced;
    public long Handled;

    /// <summary>Raises whose service has not come yet.</summary>
    public readonly long Open => Raised - Coalesced - Handled;

    public void Add(in InterruptFates other)
    {
        Raised += other.Raised;
        Coalesced += other.Coalesced;
        Handled += other.Handled;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("fates");
        sync.Row("raised", ref Raised);
        sync.Row("coalesced", ref Coalesced);
        sync.Row("handled", ref Handled);
        sync.End();
    }
}
