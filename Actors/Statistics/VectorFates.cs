using System.Numerics;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Follows the raises of a controller's vectors through its reports, so that each ends in one fate though the controller
/// tells of a raise anew whenever it lets it out: one that a mask or a move hides is the same raise when it comes back.
/// </summary>
internal sealed class VectorFates
{
    private const int WordBits = 64;
    private const int Vectors = 256;

    private readonly ulong[] _hidden = new ulong[Vectors / WordBits];
    private InterruptFates _total;

    public InterruptFates Total => _total;

    /// <summary>Raises that wait behind a mask.</summary>
    public int Hidden => _hidden.Sum(BitOperations.PopCount);

    /// <param name="report">Its line is the vector.</param>
    /// <param name="isInput">It is about an input; otherwise about a guest's write to a register.</param>
    public void Note(in DeviceReport report, bool isInput)
    {
        switch (report.Kind)
        {
            case ReportKind.Raised when TryReveal(report.Line):
                break;
            case ReportKind.Raised:
                _total.Raised++;
                break;
            case ReportKind.Coalesced:
                _total.Raised++;
                _total.Coalesced++;
                break;
            case ReportKind.Masked:
                _total.Raised++;
                _total.Coalesced += TryReveal(report.Line) ? 1 : 0;
                Hide(report.Line);
                break;
            case ReportKind.Acknowledged:
                _total.Handled++;
                break;
            case ReportKind.Withdrawn when isInput:
                _total.Withdrawn++;
                break;
            case ReportKind.Withdrawn:
                Hide(report.Line);
                break;
            default:
                break;
        }
    }

    /// <summary>The source of a vector took its level back: what was hidden will not come.</summary>
    public void SourceFell(int vector) => _total.Withdrawn += TryReveal(vector) ? 1 : 0;

    public void SyncState(StateSync sync)
    {
        sync.Row("hidden", _hidden);
        _total.SyncState(sync);
    }

    private void Hide(int vector) => _hidden[vector / WordBits] |= 1UL << (vector % WordBits);

    private bool TryReveal(int vector)
    {
        ref var word = ref _hidden[vector / WordBits];
        var was = word;
        word &= ~(1UL << (vector % WordBits));
        return was != word;
    }
}
