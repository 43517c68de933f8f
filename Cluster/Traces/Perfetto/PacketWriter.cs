using Google.Protobuf;
using Trapline.Cluster.Traces.Perfetto.Protos;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Perfetto;

/// <summary>
/// Writes packets of one sequence: descriptors of tracks, then events, which name what they are by numbers that the
/// sequence has introduced before. One packet is reused for all of them.
/// </summary>
internal sealed class PacketWriter
{
    private const uint StateCleared = 1;
    private const uint NeedsState = 2;

    /// <summary>The field "packet" of the outermost message, Trace.</summary>
    private static readonly uint PacketTag = WireFormat.MakeTag(1, WireFormat.WireType.LengthDelimited);

    private readonly CodedOutputStream _output;
    private readonly uint _sequence;
    private readonly Dictionary<string, ulong> _names = [];
    private readonly Dictionary<string, ulong> _annotationNames = [];
    private readonly TracePacket _packet = new();
    private readonly TrackEvent _event = new();
    private readonly InternedData _interned = new();
    private readonly List<DebugAnnotation> _spareAnnotations = [];
    private int _annotations;
    private bool _first = true;

    /// <param name="output">Stays open.</param>
    /// <param name="sequence">Its number, 1 or more: interned names belong to it.</param>
    public PacketWriter(CodedOutputStream output, uint sequence)
    {
        _output = output;
        _sequence = sequence;
    }

    public void Process(ulong uuid, int pid, string name) =>
        Describe(new TrackDescriptor { Uuid = uuid, Process = new ProcessDescriptor { Pid = pid, ProcessName = name } });

    public void Thread(ulong uuid, int pid, int tid, string name) =>
        Describe(new TrackDescriptor { Uuid = uuid, Thread = new ThreadDescriptor { Pid = pid, Tid = tid, ThreadName = name } });

    public void Track(ulong uuid, ulong parent, string name) =>
        Describe(new TrackDescriptor { Uuid = uuid, ParentUuid = parent, Name = name });

    public void Counter(ulong uuid, ulong parent, string name) => Describe(new TrackDescriptor
    {
        Uuid = uuid,
        ParentUuid = parent,
        Name = name,
        Counter = new CounterDescriptor { Unit = CounterDescriptor.Types.Unit.Count },
    });

    /// <summary>Starts a slice; to be written by <see cref="Write"/>, after what else belongs to it.</summary>
    public PacketWriter Begin(VirtualTime at, ulong track, string name) => Event(at, track, TrackEvent.Types.Type.SliceBegin, name);

    /// <summary>Ends the innermost slice of a track.</summary>
    public PacketWriter End(VirtualTime at, ulong track) => Event(at, track, TrackEvent.Types.Type.SliceEnd, null);

    /// <summary>Ends the slices that are open when the simulation ends; the annotation says that it was not they that did.</summary>
    public void EndUnfinished(VirtualTime at, ulong track, int open)
    {
        for (; open > 0; open--)
        {
            End(at, track).With("unfinished", 1).Write();
        }
    }

    public PacketWriter Instant(VirtualTime at, ulong track, string name) => Event(at, track, TrackEvent.Types.Type.Instant, name);

    public void Count(VirtualTime at, ulong track, long value)
    {
        Event(at, track, TrackEvent.Types.Type.Counter, null);
        _event.CounterValue = value;
        Write();
    }

    /// <summary>Adds a number, shown as a decimal.</summary>
    public PacketWriter With(string name, ulong value)
    {
        Annotate(name).UintValue = value;
        return this;
    }

    /// <summary>Adds the contents of a register, shown in hexadecimal.</summary>
    public PacketWriter WithRegister(string name, ulong value)
    {
        Annotate(name).PointerValue = value;
        return this;
    }

    /// <summary>A flow starts or passes here. 0 is none.</summary>
    public PacketWriter Flow(ulong id)
    {
        if (id != 0)
        {
            _event.FlowIds.Add(id);
        }

        return this;
    }

    /// <summary>A flow ends here. 0 is none.</summary>
    public PacketWriter FlowEnd(ulong id)
    {
        if (id != 0)
        {
            _event.TerminatingFlowIds.Add(id);
        }

        return this;
    }

    public void Write()
    {
        _packet.TrackEvent = _event;
        _packet.SequenceFlags = NeedsState;
        if (_interned.EventNames.Count + _interned.DebugAnnotationNames.Count > 0)
        {
            _packet.InternedData = _interned;
        }

        Emit();
        _interned.EventNames.Clear();
        _interned.DebugAnnotationNames.Clear();
        _packet.InternedData = null;
    }

    /// <summary>
    /// Perfetto counts nanoseconds and no fractions of them. Rounding down keeps the order, and the packets' order in the
    /// file is that of what happened at one time; the picoseconds that are lost go along as an annotation.
    /// </summary>
    private PacketWriter Event(VirtualTime at, ulong track, TrackEvent.Types.Type type, string? name)
    {
        _event.DebugAnnotations.Clear();
        _annotations = 0;
        _event.FlowIds.Clear();
        _event.TerminatingFlowIds.Clear();
        _event.ClearCounterValue();
        _event.ClearNameIid();
        _event.TrackUuid = track;
        _event.Type = type;
        if (name is not null)
        {
            _event.NameIid = Intern(name);
        }

        var (nanoseconds, rest) = Math.DivRem(at.Picoseconds, VirtualTime.PerNanosecond);
        _packet.Timestamp = (ulong)nanoseconds;
        return rest == 0 || type == TrackEvent.Types.Type.Counter ? this : With("ps", (ulong)rest);
    }

    private void Describe(TrackDescriptor descriptor)
    {
        _packet.TrackDescriptor = descriptor;
        if (_first)
        {
            _packet.SequenceFlags = StateCleared;
            _packet.FirstPacketOnSequence = true;
            _first = false;
        }

        Emit();
        _packet.TrackDescriptor = null;
        _packet.ClearSequenceFlags();
        _packet.ClearFirstPacketOnSequence();
    }

    private void Emit()
    {
        _packet.TrustedPacketSequenceId = _sequence;
        _output.WriteTag(PacketTag);
        _output.WriteMessage(_packet);
    }

    private DebugAnnotation Annotate(string name)
    {
        if (_annotations == _spareAnnotations.Count)
        {
            _spareAnnotations.Add(new DebugAnnotation());
        }

        var annotation = _spareAnnotations[_annotations++];
        annotation.ClearUintValue();
        annotation.ClearPointerValue();
        annotation.NameIid = InternAnnotation(name);
        _event.DebugAnnotations.Add(annotation);
        return annotation;
    }

    private ulong Intern(string name)
    {
        if (!_names.TryGetValue(name, out var iid))
        {
            iid = (ulong)_names.Count + 1;
            _names.Add(name, iid);
            _interned.EventNames.Add(new EventName { Iid = iid, Name = name });
        }

        return iid;
    }

    private ulong InternAnnotation(string name)
    {
        if (!_annotationNames.TryGetValue(name, out var iid))
        {
            iid = (ulong)_annotationNames.Count + 1;
            _annotationNames.Add(name, iid);
            _interned.DebugAnnotationNames.Add(new DebugAnnotationName { Iid = iid, Name = name });
        }

        return iid;
    }
}
