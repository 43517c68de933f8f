using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Follows the raises of SPIs and LPIs that came to the board, and which of them wait there: behind an enable, or for a target. Those that meet
/// a CPU interface which has the interrupt are counted with the vCPU.
/// </summary>
/// <remarks>
/// A raise that goes to another CPU, or comes back and is let out again, is the same one. What the guest has set in a pending table is a raise that
/// nobody reports: it shows when it is handed over. What user space sets was raised on the host where the VM was, and is counted there.
/// </remarks>
internal sealed class GicFates
{
    private readonly SortedSet<int> _waiting = [];

    // Counted in the operation at hand, or handed over by it as what had waited.
    private readonly SortedSet<int> _settled = [];
    private InterruptFates _total;

    /// <summary>Raised, coalesced and withdrawn here; what was handed over is handled, or not, at a vCPU.</summary>
    public InterruptFates Total => _total;

    /// <summary>Raises that wait here.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>An operation begins.</summary>
    public void Begin() => _settled.Clear();

    /// <param name="report">Of the board; its line is the INTID.</param>
    /// <param name="isTakenOver">User space makes the operation.</param>
    public void Note(in DeviceReport report, bool isTakenOver)
    {
        switch (report.Kind)
        {
            case ReportKind.Raised or ReportKind.Masked:
                CountOnce(report.Line, isTakenOver);
                if (report.Kind == ReportKind.Masked)
                {
                    _ = _waiting.Add(report.Line);
                }

                break;
            case ReportKind.Coalesced:
                _total.Raised++;
                _total.Coalesced++;
                break;
            case ReportKind.Withdrawn when _waiting.Remove(report.Line):
                _total.Withdrawn++;
                _ = _settled.Remove(report.Line);
                break;
            default:
                break;
        }
    }

    /// <summary>An interrupt is handed over, or its holder is told what is new.</summary>
    /// <param name="handover">What the CPU interface is told.</param>
    /// <param name="isTakenOver">User space makes the operation.</param>
    public void Handed(in Handover handover, bool isTakenOver)
    {
        if ((handover.Flags & (HandoverFlags.SetLatch | HandoverFlags.Line)) == 0)
        {
            return;
        }

        if (_waiting.Remove(handover.InterruptId))
        {
            _ = _settled.Add(handover.InterruptId);
        }
        else if ((handover.Flags & (HandoverFlags.SetLatch | HandoverFlags.Event)) == HandoverFlags.SetLatch)
        {
            CountOnce(handover.InterruptId, isTakenOver);
        }
    }

    /// <summary>It came back, pending.</summary>
    public void CameBack(int interruptId)
    {
        _ = _settled.Remove(interruptId);
        _ = _waiting.Add(interruptId);
    }

    /// <summary>The VM is gone; what waited goes on waiting where it runs on.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _settled.Clear();
    }

    public void SyncState(StateSync sync)
    {
        sync.Begin("raises");
        Sync(sync, "waiting", _waiting);
        Sync(sync, "settled", _settled);
        _total.SyncState(sync);
        sync.End();
    }

    private static void Sync(StateSync sync, string name, SortedSet<int> interrupts)
    {
        List<int> rows = [.. interrupts];
        sync.List(name, "raise", rows, InterruptIds.LpiEnd, static (StateSync each, ref int interruptId) => each.Row("intid", ref interruptId));
        if (sync.Loading)
        {
            interrupts.Clear();
            interrupts.UnionWith(rows);
        }
    }

    private void CountOnce(int interruptId, bool isTakenOver)
    {
        if (!_waiting.Contains(interruptId) && _settled.Add(interruptId))
        {
            _total.Raised += isTakenOver ? 0 : 1;
        }
    }
}
