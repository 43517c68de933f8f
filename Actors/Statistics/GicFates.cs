using Trapline.Devices.Arm;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Follows the raises of SPIs and LPIs that came to the board, and which of them wait there: behind an enable, or for a target. Those that meet
/// a CPU interface which has the interrupt are counted with the vCPU.
/// </summary>
internal sealed class GicFates
{
    private readonly SortedSet<int> _waiting = [];
    private InterruptFates _total;

    /// <summary>Raised, coalesced and withdrawn here; what was handed over is handled, or not, at a vCPU.</summary>
    public InterruptFates Total => _total;

    /// <summary>Raises that wait here.</summary>
    public int Waiting => _waiting.Count;

    /// <param name="report">Of the board; its line is the INTID.</param>
    public void Note(in DeviceReport report)
    {
        switch (report.Kind)
        {
            case ReportKind.Raised:
                // It goes out with this operation.
                _total.Raised++;
                break;
            case ReportKind.Masked:
                _total.Raised++;
                _ = _waiting.Add(report.Line);
                break;
            case ReportKind.Coalesced:
                _total.Raised++;
                _total.Coalesced++;
                break;
            case ReportKind.Withdrawn when _waiting.Remove(report.Line):
                _total.Withdrawn++;
                break;
            default:
                break;
        }
    }

    /// <summary>It was handed over, pending.</summary>
    public void Left(int interruptId) => _waiting.Remove(interruptId);

    /// <summary>It came back, pending.</summary>
    public void CameBack(int interruptId) => _waiting.Add(interruptId);

    public void Clear() => _waiting.Clear();

    public void SyncState(StateSync sync)
    {
        List<int> waiting = [.. _waiting];
        sync.List("waiting", "raise", waiting, InterruptIds.LpiEnd, static (StateSync rows, ref int interruptId) => rows.Row("intid", ref interruptId));
        if (sync.Loading)
        {
            _waiting.Clear();
            _waiting.UnionWith(waiting);
        }

        _total.SyncState(sync);
    }
}
