using Google.Protobuf;
using Trapline.Actors.Tracing;
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

    public void Begin(TraceMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _machines++;
        var packets = new PacketWriter(_output, (uint)_machines);
        _flows = new FlowTracker(_flows.Last);
        _vcpus.Clear();
        _devices.Clear();
        var process = ++_lastTrack;
        packets.Process(process, _machines, machine.Name);
        foreach (var actor in machine.Actors.Order())
        {
            if (actor.Role == ActorRole.Vcpu)
            {
                _vcpus.Add(actor, new VcpuTracks(packets, _flows, machine, actor, _machines, ref _lastTrack));
            }
            else if (actor.Role != ActorRole.Memory)
            {
                _devices.Add(actor, new DeviceTrack(packets, _flows, TraceNames.Of(machine), actor, process, ++_lastTrack));
            }
        }
    }

    public void Write(in TraceEntry entry)
    {
        if (entry.Kind == TraceKind.Send)
        {
            _vcpus[new ActorAddress(entry.Actor.Machine, ActorRole.Vcpu, entry.Actor.Index)].WriteSend(in entry);
        }
        else if (entry.Actor.Role == ActorRole.Vcpu)
        {
            _vcpus[entry.Actor].Write(in entry);
        }
        else
        {
            _devices[entry.Actor].Write(in entry);
        }
    }

    public void End(VirtualTime at)
    {
        foreach (var vcpu in _vcpus.Values)
        {
            vcpu.End(at);
        }

        foreach (var device in _devices.Values)
        {
            device.End(at);
        }
    }

    public void Finish() => _output.Flush();
}
