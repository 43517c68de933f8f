using Google.Protobuf;
using Trapline.Actors.Tracing;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>
/// Perfetto's TrackEvents: a process for each machine, in it two tracks and two counters for each vCPU and a track for each
/// other actor that serves registers; flows from raise to handler. Streamed: what is kept is what is open.
/// </summary>
public sealed class PerfettoTrace : ITraceSink
{
    private readonly CodedOutputStream _output;
    private readonly Dictionary<ActorAddress, VcpuTracks> _vcpus = [];
    private readonly Dictionary<ActorAddress, DeviceTrack> _devices = [];
    private TraceMachine? _machine;
    private PacketWriter? _packets;
    private FlowTracker _flows = new(0);
    private int _machines;
    private ulong _lastTrack;

    /// <param name="output">Stays open.</param>
    public PerfettoTrace(Stream output)
        : this(new CodedOutputStream(output, leaveOpen: true))
    {
    }

    private PerfettoTrace(CodedOutputStream output) => _output = output;

    public bool WantsInstructions => false;

    private PacketWriter Packets => _packets ?? throw new InvalidOperationException("an entry came before the machine that it belongs to");

    public void Begin(TraceMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machine = machine;
        _machines++;
        _packets = new PacketWriter(_output, (uint)_machines);
        _flows = new FlowTracker(_flows.Last);
        _vcpus.Clear();
        _devices.Clear();
        var process = ++_lastTrack;
        Packets.Process(process, _machines, machine.Name);
        foreach (var actor in machine.Actors.Order())
        {
            if (actor.Role == ActorRole.Vcpu)
            {
                AddVcpu(actor);
            }
            else if (actor.Role != ActorRole.Memory)
            {
                _devices.Add(actor, new DeviceTrack(++_lastTrack));
                Packets.Track(_lastTrack, process, $"{actor}");
            }
        }
    }

    public void Write(in TraceEntry entry)
    {
        switch (entry.Kind)
        {
            case TraceKind.Request:
            case TraceKind.Served:
            case TraceKind.Output:
            case TraceKind.Report:
                WriteDevice(in entry, _devices[entry.Actor]);
                break;
            case TraceKind.Send:
                // Drawn where the write to IPI_SEND was executed: inside the exit that it is.
                var sender = _vcpus[new ActorAddress(entry.Actor.Machine, ActorRole.Vcpu, entry.Actor.Index)];
                Packets.Instant(entry.At, sender.Thread, $"{IpiRegisters.NameOf(entry.Number)} to {(entry.Other.Role == ActorRole.Ipi ? "vcpu" : $"{entry.Other.Role} for vcpu")}{entry.Other.Index}").Flow(_flows.Send(in entry)).Write();
                break;
            case TraceKind.Line:
                WriteLine(in entry, _vcpus[entry.Actor]);
                break;
            case TraceKind.Interrupt:
            case TraceKind.Fault:
            case TraceKind.Return:
                WriteHandler(in entry, _vcpus[entry.Actor]);
                break;
            default:
                WriteVcpu(in entry, _vcpus[entry.Actor]);
                break;
        }
    }

    /// <summary>Ends what is open; that the simulation ended first, and not the slice, is in its annotation "unfinished".</summary>
    public void End(VirtualTime at)
    {
        foreach (var vcpu in _vcpus.Values)
        {
            EndAll(at, vcpu.Thread, vcpu.OpenSlices);
            EndAll(at, vcpu.Handlers, vcpu.OpenHandlers);
        }

        foreach (var device in _devices.Values)
        {
            EndAll(at, device.Uuid, device.Open.Count);
        }

        void EndAll(VirtualTime time, ulong track, int open)
        {
            for (; open > 0; open--)
            {
                Packets.End(time, track).With("unfinished", 1).Write();
            }
        }
    }

    public void Finish() => _output.Flush();

    private void AddVcpu(ActorAddress actor)
    {
        var tracks = new VcpuTracks(++_lastTrack, ++_lastTrack, ++_lastTrack, ++_lastTrack);
        _vcpus.Add(actor, tracks);
        Packets.Thread(tracks.Thread, _machines, actor.Index + 1, $"{actor}");
        Packets.Track(tracks.Handlers, tracks.Thread, "handlers");
        Packets.Counter(tracks.Lines, tracks.Thread, "lines high");
        Packets.Counter(tracks.Exits, tracks.Thread, "exits");
    }

    private void WriteVcpu(in TraceEntry entry, VcpuTracks vcpu)
    {
        switch (entry.Kind)
        {
            case TraceKind.Started:
                OpenSlice(in entry, vcpu, "guest").Write();
                break;
            case TraceKind.Stopped:
                CloseSlices(in entry, vcpu, 0);
                break;
            case TraceKind.ExitBegin:
                CloseSlices(in entry, vcpu, 0);
                OpenSlice(in entry, vcpu, TraceNames.Exit(in entry)).WithRegister("pc", entry.Word0).Write();
                break;
            case TraceKind.UserSpace:
                OpenSlice(in entry, vcpu, "user space").Write();
                break;
            case TraceKind.Blocked:
                OpenSlice(in entry, vcpu, "blocked").Write();
                break;
            case TraceKind.Woken:
                CloseSlices(in entry, vcpu, 1);
                break;
            case TraceKind.ExitEnd:
                CloseSlices(in entry, vcpu, 0);
                OpenSlice(in entry, vcpu, "guest").Write();
                Packets.Count(entry.At, vcpu.Exits, ++vcpu.ExitsDone);
                break;
            case TraceKind.StallBegin:
                OpenSlice(in entry, vcpu, StallName((VcpuPhase)entry.Code)).Write();
                break;
            case TraceKind.StallEnd:
                CloseSlices(in entry, vcpu, 1);
                break;
            case TraceKind.Kick:
                Packets.Instant(entry.At, vcpu.Thread, KickName((VcpuPhase)entry.Code)).Write();
                break;
            case TraceKind.Mark:
                Packets.Instant(entry.At, vcpu.Thread, _machine!.Program.Marks[entry.Number]).With("value", entry.Word1).Write();
                break;
            default:
                break;
        }
    }

    private void WriteHandler(in TraceEntry entry, VcpuTracks vcpu)
    {
        if (entry.Kind == TraceKind.Return)
        {
            if (vcpu.OpenHandlers > 0)
            {
                vcpu.OpenHandlers--;
                Packets.End(entry.At, vcpu.Handlers).Write();
            }

            return;
        }

        for (; vcpu.OpenHandlers >= VcpuTracks.HandlerLimit; vcpu.OpenHandlers--)
        {
            Packets.End(entry.At, vcpu.Handlers).Write();
        }

        vcpu.OpenHandlers++;
        var isInterrupt = entry.Kind == TraceKind.Interrupt;
        Packets.Begin(entry.At, vcpu.Handlers, isInterrupt ? $"interrupt {TraceNames.Line(entry.Number)}" : $"fault {TraceNames.Fault(entry.Number)}")
            .WithRegister("pc", entry.Word0)
            .FlowEnd(isInterrupt ? _flows.Take(in entry) : 0)
            .Write();
    }

    private void WriteLine(in TraceEntry entry, VcpuTracks vcpu)
    {
        var name = TraceNames.Line(entry.Number);
        if (entry.Code != 0)
        {
            vcpu.LinesHigh++;
            Packets.Instant(entry.At, vcpu.Thread, $"{name} rises").Flow(_flows.Rise(in entry)).Write();
        }
        else
        {
            vcpu.LinesHigh--;
            if (_flows.Take(in entry) is not 0 and var flow)
            {
                Packets.Instant(entry.At, vcpu.Thread, $"{name} falls untaken").FlowEnd(flow).Write();
            }
        }

        Packets.Count(entry.At, vcpu.Lines, vcpu.LinesHigh);
    }

    private void WriteDevice(in TraceEntry entry, DeviceTrack device)
    {
        switch (entry.Kind)
        {
            case TraceKind.Request:
                device.Open.Push(entry.Code);
                Packets.Begin(entry.At, device.Uuid, RequestName(in entry)).Flow(_flows.Request(in entry));
                if (entry.Other.Role == ActorRole.Vcpu)
                {
                    Packets.With("vcpu", (ulong)entry.Other.Index);
                }

                if ((TraceRequest)entry.Code is TraceRequest.Write or TraceRequest.Send or TraceRequest.Message)
                {
                    Packets.WithRegister("value", entry.Word1);
                }

                Packets.Write();
                break;
            case TraceKind.Served when device.Open.TryPop(out var code):
                if (_flows.Served(in entry) is not 0 and var held)
                {
                    Packets.Instant(entry.At, device.Uuid, "no output").FlowEnd(held).Write();
                }

                Packets.End(entry.At, device.Uuid);
                if ((TraceRequest)code == TraceRequest.Read)
                {
                    Packets.WithRegister("value", entry.Word1);
                }

                Packets.Write();
                break;
            case TraceKind.Output:
                Packets.Instant(entry.At, device.Uuid, entry.Code != 0 ? "output high" : "output low").Flow(_flows.Output(in entry)).With("pin", (ulong)entry.Number).Write();
                break;
            case TraceKind.Report when TraceNames.Report(in entry) is { } text:
                var flow = _flows.Report(in entry);
                var ends = (ReportKind)entry.Code == ReportKind.Coalesced;
                Packets.Instant(entry.At, device.Uuid, text).Flow(ends ? 0 : flow).FlowEnd(ends ? flow : 0).Write();
                break;
            default:
                break;
        }
    }

    private PacketWriter OpenSlice(in TraceEntry entry, VcpuTracks vcpu, string name)
    {
        vcpu.OpenSlices++;
        return Packets.Begin(entry.At, vcpu.Thread, name);
    }

    private void CloseSlices(in TraceEntry entry, VcpuTracks vcpu, int until)
    {
        for (; vcpu.OpenSlices > until; vcpu.OpenSlices--)
        {
            Packets.End(entry.At, vcpu.Thread).Write();
        }
    }

    private static string RequestName(in TraceEntry entry) => (TraceRequest)entry.Code switch
    {
        TraceRequest.Read => $"read {TraceNames.Register(entry.Actor.Role, entry.Word0)}",
        TraceRequest.Write => $"write {TraceNames.Register(entry.Actor.Role, entry.Word0, isWrite: true)}",
        TraceRequest.Input => $"input {entry.Number} {(entry.Word1 != 0 ? "high" : "low")}",
        TraceRequest.Send => $"{IpiRegisters.NameOf(entry.Number)} from vcpu{entry.Other.Index}",
        TraceRequest.Message => $"message from {entry.Other}",
        _ => $"timer {entry.Number}",
    };

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

    /// <summary>The track of a device, and the requests that are open on it.</summary>
    private sealed record DeviceTrack(ulong Uuid)
    {
        public Stack<byte> Open { get; } = [];
    }
}
