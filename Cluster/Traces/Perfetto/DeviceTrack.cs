using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>The track of an actor that serves registers: a slice for each request, in it what the device says and drives.</summary>
internal sealed class DeviceTrack
{
    private readonly PacketWriter _packets;
    private readonly FlowTracker _flows;
    private readonly TraceNames _names;
    private readonly ulong _track;
    private readonly Stack<TraceRequest> _open = [];

    /// <param name="packets">Of the machine.</param>
    /// <param name="flows">Of the machine.</param>
    /// <param name="names">Of the machine's architecture.</param>
    /// <param name="device">The actor.</param>
    /// <param name="process">The track of the machine.</param>
    /// <param name="track">Number of its track.</param>
    public DeviceTrack(PacketWriter packets, FlowTracker flows, TraceNames names, ActorAddress device, ulong process, ulong track)
    {
        _packets = packets;
        _flows = flows;
        _names = names;
        _track = track;
        packets.Track(track, process, $"{device}");
    }

    public void Write(in TraceEntry entry)
    {
        switch (entry.Kind)
        {
            case TraceKind.Request:
                Begin(in entry);
                break;
            case TraceKind.Served when _open.TryPop(out var request):
                End(in entry, request);
                break;
            case TraceKind.Output:
                _packets.Instant(entry.At, _track, entry.Code != 0 ? "output high" : "output low").Flow(_flows.Output(in entry)).With("pin", (ulong)entry.Number).Write();
                break;
            case TraceKind.Report when _names.Report(in entry) is { } text:
                var flow = _flows.Report(in entry);
                var ends = (ReportKind)entry.Code == ReportKind.Coalesced;
                _packets.Instant(entry.At, _track, text).Flow(ends ? 0 : flow).FlowEnd(ends ? flow : 0).Write();
                break;
            default:
                break;
        }
    }

    /// <summary>The machine has ended.</summary>
    public void End(VirtualTime at) => _packets.EndUnfinished(at, _track, _open.Count);

    private void Begin(in TraceEntry request)
    {
        var what = (TraceRequest)request.Code;
        _open.Push(what);
        _packets.Begin(request.At, _track, NameOf(in request)).Flow(_flows.Request(in request));
        if (request.Other.Role is ActorRole.Vcpu or ActorRole.Ipi)
        {
            _packets.With("vcpu", (ulong)request.Other.Index);
        }

        if (what is TraceRequest.Write or TraceRequest.Send or TraceRequest.Message)
        {
            _packets.WithRegister("value", request.Word1);
        }

        _packets.Write();
    }

    private void End(in TraceEntry served, TraceRequest request)
    {
        if (_flows.Served(in served) is not 0 and var flow)
        {
            _packets.Instant(served.At, _track, "no output").FlowEnd(flow).Write();
        }

        _packets.End(served.At, _track);
        if (request == TraceRequest.Read)
        {
            _packets.WithRegister("value", served.Word1);
        }

        _packets.Write();
    }

    private string NameOf(in TraceEntry request) => (TraceRequest)request.Code switch
    {
        TraceRequest.Read => $"read {_names.Register(request.Actor.Role, request.Word0)}",
        TraceRequest.Write => $"write {_names.Register(request.Actor.Role, request.Word0, isWrite: true)}",
        TraceRequest.Input => $"input {request.Number} {(request.Word1 != 0 ? "high" : "low")}",
        TraceRequest.Send => $"carried {IpiRegisters.NameOf(request.Number)}",
        TraceRequest.Message => "message",
        TraceRequest.Call => TraceNames.Call(in request),
        _ => $"timer {request.Number}",
    };
}
