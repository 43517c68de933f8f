using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Rounds;

/// <summary>Follows one lane from the start, so that what is open when a round begins is known; keeps what ends while it records.</summary>
internal sealed class LaneRecorder(string name, bool isVcpu, TraceNames names)
{
    /// <summary>A guest that leaves its handlers by a jump never ends them.</summary>
    private const int MostHandlers = 8;

    private readonly List<RoundItem> _items = [];
    private readonly List<(VirtualTime At, string Text)> _handlers = [];
    private (VirtualTime At, string Text)? _exit;
    private (VirtualTime At, string Text)? _asleep;

    public int Kept => _items.Count;

    /// <summary>Forgets what is over; what is open goes on.</summary>
    public void Clear() => _items.Clear();

    public void Write(in TraceEntry entry, IReadOnlyList<string> marks)
    {
        switch (entry.Kind)
        {
            case TraceKind.ExitBegin:
                _exit = (entry.At, names.Exit(in entry));
                break;
            case TraceKind.ExitEnd:
            case TraceKind.Stopped:
                EndSpan(ref _asleep, RoundItemKind.Asleep, entry.At);
                EndSpan(ref _exit, RoundItemKind.Exit, entry.At);
                break;
            case TraceKind.Blocked:
                _asleep = (entry.At, "asleep");
                break;
            case TraceKind.Woken:
                EndSpan(ref _asleep, RoundItemKind.Asleep, entry.At);
                break;
            case TraceKind.Interrupt:
                OpenHandler(entry.At, $"interrupt {names.Interrupt(entry.Number)}");
                break;
            case TraceKind.Fault:
                OpenHandler(entry.At, $"fault {names.Fault(entry.Number)}");
                break;
            case TraceKind.Return:
                EndHandler(entry.At);
                break;
            case TraceKind.Kick:
                Instant(RoundItemKind.Kick, entry.At, $"kick, {(VcpuPhase)entry.Code}");
                break;
            case TraceKind.Mark:
                Instant(RoundItemKind.Mark, entry.At, $"mark {marks[entry.Number]} {entry.Word1}");
                break;
            case TraceKind.Request when !isVcpu:
                Instant(RoundItemKind.Request, entry.At, $"{(TraceRequest)entry.Code} by {entry.Other}");
                break;
            case TraceKind.Report when (ReportKind)entry.Code is ReportKind.Raised or ReportKind.Coalesced or ReportKind.Masked:
                Instant(RoundItemKind.Raised, entry.At, names.Report(in entry)!);
                break;
            default:
                break;
        }
    }

    /// <summary>What is kept, and what is open still, cut to the round.</summary>
    public RoundLane Build(VirtualTime from, VirtualTime to)
    {
        IEnumerable<RoundItem> open =
        [
            .. _handlers.Select(handler => new RoundItem(RoundItemKind.Handler, handler.At, to, handler.Text)),
            .. _exit is { } exit ? [new RoundItem(RoundItemKind.Exit, exit.At, to, exit.Text)] : Array.Empty<RoundItem>(),
            .. _asleep is { } asleep ? [new RoundItem(RoundItemKind.Asleep, asleep.At, to, asleep.Text)] : Array.Empty<RoundItem>(),
        ];
        return new(name, isVcpu, [.. _items.Concat(open).Select(item => item with { From = VirtualTime.Max(item.From, from) })]);
    }

    private void OpenHandler(VirtualTime at, string text)
    {
        if (_handlers.Count == MostHandlers)
        {
            _handlers.Clear();
        }

        _handlers.Add((at, text));
    }

    private void EndHandler(VirtualTime at)
    {
        if (_handlers.Count > 0)
        {
            var (from, text) = _handlers[^1];
            _handlers.RemoveAt(_handlers.Count - 1);
            _items.Add(new(RoundItemKind.Handler, from, at, text));
        }
    }

    private void EndSpan(ref (VirtualTime At, string Text)? open, RoundItemKind kind, VirtualTime at)
    {
        if (open is { } span)
        {
            _items.Add(new(kind, span.At, at, span.Text));
            open = null;
        }
    }

    private void Instant(RoundItemKind kind, VirtualTime at, string text) => _items.Add(new(kind, at, at, text));
}
