using Trapline.Devices.Common;
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

    /// <summary>A device reports what happened to a raise.</summary>
    /// <param name="kind">What.</param>
    /// <param name="isServed">Whether an acknowledgement leaves nothing pending.</param>
    public void Note(ReportKind kind, bool isServed)
    {
        switch (kind)
        {
            case ReportKind.Raised:
                Raised++;
                break;
            case ReportKind.Coalesced:
                Raised++;
                Coalesced++;
                break;
            case ReportKind.Acknowledged when isServed:
                Handled++;
                break;
            default:
                break;
        }
    }

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
