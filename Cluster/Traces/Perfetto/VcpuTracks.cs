using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>
/// The tracks of a vCPU: what it does, in the guest or outside and why; the handlers that it is in; as counters the
/// interrupt lines that are high and the exits so far.
/// </summary>
internal sealed class VcpuTracks
{
    /// <summary>A guest that leaves its handlers by a jump never ends them: with this many open, all of them are ended.</summary>
    private const int HandlerLimit = 8;

    private readonly PacketWriter _packets;
    private readonly FlowTracker _flows;
    private readonly IReadOnlyList<string> _marks;
    private readonly TraceNames _names;
    private readonly ulong _thread;
    private readonly ulong _handlers;
    private readonly ulong _lines;
    private readonly ulong _exits;
    private int _openSlices;
    private int _openHandlers;
    private int _linesHigh;
    private long _exitsDone;

    /// <param name="packets">Of the machine.</param>
    /// <param name="flows">Of the machine.</param>
    /// <param name="machine">Whose guest has marks, and whose architecture names.</param>
    /// <param name="vcpu">Which vCPU.</param>
    /// <param name="pid">The machine's process.</param>
    /// <param name="lastTrack">The last number of a track that is in use.</param>
    public VcpuTracks(PacketWriter packets, FlowTracker flows, TraceMachine machine, ActorAddress vcpu, int pid, ref ulong lastTrack)
    {
        _packets = packets;
        _flows = flows;
        _marks = machine.Program.Marks;
        _names = TraceNames.Of(machine);
        (_thread, _handlers, _lines, _exits) = (++lastTrack, ++lastTrack, ++lastTrack, ++lastTrack);
        packets.Thread(_thread, pid, vcpu.Index + 1, $"{vcpu}");
        packets.Track(_handlers, _thread, "handlers");
        packets.Counter(_lines, _thread, "lines high");
        packets.Counter(_exits, _thread, "exits");
    }

    public void Write(in TraceEntry entry)
    {
        switch (entry.Kind)
        {
            case TraceKind.Started:
                Open(entry.At, "guest").Write();
                break;
            case TraceKind.Stopped:
                Close(entry.At, 0);
                break;
            case TraceKind.ExitBegin:
                Close(entry.At, 0);
                Open(entry.At, _names.Exit(in entry)).WithRegister("pc", entry.Word0).Write();
                break;
            case TraceKind.UserSpace:
                Open(entry.At, "user space").Write();
                break;
            case TraceKind.Blocked:
                Open(entry.At, "blocked").Write();
                break;
            case TraceKind.StallBegin:
                Open(entry.At, StallName((VcpuPhase)entry.Code)).Write();
                break;
            case TraceKind.Woken:
            case TraceKind.StallEnd:
                Close(entry.At, 1);
                break;
            case TraceKind.ExitEnd:
                Close(entry.At, 0);
                Open(entry.At, "guest").Write();
                _packets.Count(entry.At, _exits, ++_exitsDone);
                break;
            case TraceKind.Kick:
                _packets.Instant(entry.At, _thread, KickName((VcpuPhase)entry.Code)).Write();
                break;
            case TraceKind.Mark:
                _packets.Instant(entry.At, _thread, _marks[entry.Number]).With("value", entry.Word1).Write();
                break;
            case TraceKind.Line:
                WriteLine(in entry);
                break;
            default:
                WriteHandler(in entry);
                break;
        }
    }

    /// <summary>A write to a SEND register, drawn inside the exit that it is.</summary>
    public void WriteSend(in TraceEntry send) =>
        _packets.Instant(send.At, _thread, _names.Send(in send)).Flow(_flows.Send(in send)).Write();

    /// <summary>The machine has ended.</summary>
    public void End(VirtualTime at)
    {
        _packets.EndUnfinished(at, _thread, _openSlices);
        _packets.EndUnfinished(at, _handlers, _openHandlers);
    }

    private void WriteHandler(in TraceEntry entry)
    {
        if (entry.Kind == TraceKind.Return)
        {
            CloseHandlers(entry.At, Math.Max(_openHandlers - 1, 0));
            return;
        }

        if (_openHandlers == HandlerLimit)
        {
            CloseHandlers(entry.At, 0);
        }

        _openHandlers++;
        var isInterrupt = entry.Kind == TraceKind.Interrupt;
        _packets.Begin(entry.At, _handlers, isInterrupt ? $"interrupt {_names.Interrupt(entry.Number)}" : $"fault {_names.Fault(entry.Number)}")
            .WithRegister("pc", entry.Word0)
            .FlowEnd(isInterrupt ? _flows.Take(in entry) : 0)
            .Write();
    }

    private void WriteLine(in TraceEntry entry)
    {
        var name = _names.Line(entry.Number);
        if (entry.Code != 0)
        {
            _packets.Instant(entry.At, _thread, $"{name} rises").Flow(_flows.Rise(in entry)).Write();
        }
        else if (_flows.Take(in entry) is not 0 and var flow)
        {
            _packets.Instant(entry.At, _thread, $"{name} falls untaken").FlowEnd(flow).Write();
        }

        _linesHigh += entry.Code != 0 ? 1 : -1;
        _packets.Count(entry.At, _lines, _linesHigh);
    }

    private PacketWriter Open(VirtualTime at, string name)
    {
        _openSlices++;
        return _packets.Begin(at, _thread, name);
    }

    private void Close(VirtualTime at, int until)
    {
        for (; _openSlices > until; _openSlices--)
        {
            _packets.End(at, _thread).Write();
        }
    }

    private void CloseHandlers(VirtualTime at, int until)
    {
        for (; _openHandlers > until; _openHandlers--)
        {
            _packets.End(at, _handlers).Write();
        }
    }

    private static string StallName(VcpuPhase phase) => phase switch
    {
        VcpuPhase.Working => "work",
        VcpuPhase.Spinning => "wait",
        _ => "remote memory",
    };

    private static string KickName(VcpuPhase phase) => phase switch
    {
        VcpuPhase.Blocked => "kicked, blocked",
        VcpuPhase.Running or VcpuPhase.Working or VcpuPhase.Spinning or VcpuPhase.AwaitingMemory or VcpuPhase.FinishingMemory => "kicked, in the guest",
        _ => "kicked, outside",
    };
}
