using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>
/// Follows each raise from its source to the vCPU that takes it. Calls between actors are open until they are answered and
/// a device serves one at a time, so who calls says which raise comes; messages need not carry it. Numbers are
/// counted in the order of the trace, which is the same for equal runs.
/// </summary>
internal sealed class FlowTracker
{
    private readonly Dictionary<ActorAddress, Cause> _causes = [];
    private readonly Dictionary<ActorAddress, ulong> _sent = [];
    private readonly Dictionary<(ActorAddress From, ActorAddress To), Queue<ulong>> _posted = [];
    private readonly Dictionary<(ActorAddress Vcpu, int Line), ulong> _pending = [];
    private ulong _last;

    /// <param name="first">The number before the first: numbers are unique in the whole file.</param>
    public FlowTracker(ulong first) => _last = first;

    /// <summary>The last number that was given.</summary>
    public ulong Last => _last;

    /// <summary>The flow with which a request comes, or 0.</summary>
    public ulong Request(in TraceEntry request)
    {
        var carries = (TraceRequest)request.Code switch
        {
            TraceRequest.Input => request.Word1 != 0,
            TraceRequest.Message or TraceRequest.Send => true,
            TraceRequest.Call => TraceNames.IsInjection(in request),
            _ => false,
        };
        var flow = !carries ? 0
            : _posted.TryGetValue((request.Other, request.Actor), out var posted) && posted.TryDequeue(out var sent) ? sent
            : _sent.GetValueOrDefault(request.Other);
        _causes[request.Actor] = new Cause(flow, flow == 0);
        return flow;
    }

    /// <summary>The flow that came with the request and goes no further: masked, or joined with one that is pending. 0 if there is none.</summary>
    public ulong Served(in TraceEntry served) =>
        _causes.Remove(served.Actor, out var cause) && !cause.Used ? cause.Flow : 0;

    /// <summary>A write to IPI_SEND is a raise on its way; what else is carried may raise something at its target, or nothing.</summary>
    public ulong Send(in TraceEntry send)
    {
        if (send.Actor.Role == ActorRole.Vcpu)
        {
            // A hypercall's targets come one after the other; if the line is high already, nothing rises and the flow ends here.
            _causes[send.Actor] = new Cause(++_last, true);
            return _last;
        }

        _sent[send.Actor] = 0;
        if (send.Number != IpiRegisters.IpiSend)
        {
            return 0;
        }

        // On bare metal the sender goes on: several may be under way to one target, and arrive in the order of sending.
        if (!_posted.TryGetValue((send.Actor, send.Other), out var posted))
        {
            _posted[(send.Actor, send.Other)] = posted = new();
        }

        posted.Enqueue(++_last);
        return _last;
    }

    /// <summary>What passes through a device's output: the flow of the request, once; a new one if the device is its source.</summary>
    public ulong Output(in TraceEntry output) => _sent[output.Actor] = output.Code != 0 ? Pass(output.Actor) : 0;

    /// <summary>An IPI unit has no output entries: it says what it does to its line by reports.</summary>
    public ulong Report(in TraceEntry report) =>
        report.Actor.Role == ActorRole.Ipi && (ReportKind)report.Code is ReportKind.Raised or ReportKind.Coalesced ? Pass(report.Actor) : 0;

    /// <summary>A line of a vCPU rises; one that nobody else drives is a source itself.</summary>
    public ulong Rise(in TraceEntry line)
    {
        var flow = line.Other != line.Actor && _causes.TryGetValue(line.Other, out var cause) ? cause.Flow : 0;
        return _pending[(line.Actor, line.Number)] = flow == 0 ? ++_last : flow;
    }

    /// <summary>The flow that waited on a line, and does so no more: it is taken, or the line falls. 0 if there is none.</summary>
    public ulong Take(in TraceEntry entry) => _pending.Remove((entry.Actor, entry is { Kind: TraceKind.Interrupt, Code: > 0 } ? entry.Code - 1 : entry.Number), out var flow) ? flow : 0;

    private ulong Pass(ActorAddress device)
    {
        var cause = _causes.GetValueOrDefault(device, new Cause(0, true));
        var flow = cause.Used ? ++_last : cause.Flow;
        _causes[device] = new Cause(flow, true);
        return flow;
    }

    /// <summary>The raise that a device works on, and whether it has passed it on.</summary>
    private readonly record struct Cause(ulong Flow, bool Used);
}
