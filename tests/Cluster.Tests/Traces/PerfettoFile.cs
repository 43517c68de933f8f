using Xunit;

namespace Trapline.Cluster.Tests.Traces;

/// <summary>A Perfetto trace, read strictly: what Perfetto would have to guess, or would drop, fails the test.</summary>
internal sealed class PerfettoFile
{
    private readonly Dictionary<ulong, Track> _tracks = [];
    private readonly Dictionary<ulong, (ulong Last, bool Cleared)> _sequences = [];
    private readonly Dictionary<(ulong Sequence, ulong Id), string> _names = [];
    private readonly Dictionary<(ulong Sequence, ulong Id), string> _annotationNames = [];
    private readonly Dictionary<ulong, Flow> _openFlows = [];
    private readonly HashSet<ulong> _flowIds = [];

    public PerfettoFile(byte[] file)
    {
        foreach (var packet in new WireReader(file).Messages(1))
        {
            Packets++;
            Read(packet);
        }

        Assert.All(_tracks.Values, track => Assert.Empty(track.Open));
    }

    public int Packets { get; private set; }

    public IEnumerable<Track> Tracks => _tracks.Values;

    public List<Slice> Slices { get; } = [];

    public List<Instant> Instants { get; } = [];

    /// <summary>Flows that came to their end, with where.</summary>
    public List<Flow> EndedFlows { get; } = [];

    public IReadOnlyCollection<Flow> OpenFlows => _openFlows.Values;

    public IEnumerable<Slice> On(string track) => Slices.Where(slice => slice.Track.Name == track);

    private void Read(WireReader packet)
    {
        var sequence = packet.Number(10) ?? throw new InvalidDataException("a packet belongs to no sequence");
        var flags = packet.Number(13) ?? 0;
        if ((flags & 1) != 0)
        {
            Assert.DoesNotContain(sequence, _sequences.Keys);
            Assert.Equal(1UL, packet.Number(87));
            _sequences[sequence] = (0, true);
        }

        Assert.True(_sequences.ContainsKey(sequence), "a sequence starts without clearing its state");
        if (packet.Message(12) is { } interned)
        {
            Intern(interned, 2, sequence, _names);
            Intern(interned, 3, sequence, _annotationNames);
        }

        if (packet.Message(60) is { } descriptor)
        {
            Describe(descriptor);
        }
        else
        {
            Assert.Equal(2UL, flags & 2);
            ReadEvent(packet.Message(11)!, packet.Number(8)!.Value, sequence);
        }
    }

    private static void Intern(WireReader interned, int field, ulong sequence, Dictionary<(ulong, ulong), string> names)
    {
        foreach (var entry in interned.Messages(field))
        {
            Assert.NotEqual(0UL, entry.Number(1));
            Assert.True(names.TryAdd((sequence, entry.Number(1)!.Value), entry.Text(2)), "a number is interned twice");
            Assert.Single(names, known => known.Key.Item1 == sequence && known.Value == entry.Text(2));
        }
    }

    private void Describe(WireReader descriptor)
    {
        var uuid = descriptor.Number(1)!.Value;
        Assert.NotEqual(0UL, uuid);
        var parent = descriptor.Number(5) is { } id ? _tracks[id] : null;
        var name = descriptor.Message(3)?.Text(6) ?? descriptor.Message(4)?.Text(5) ?? descriptor.Text(2);
        var pid = descriptor.Message(3)?.Number(1) ?? descriptor.Message(4)?.Number(1) ?? parent!.Pid;
        Assert.True(_tracks.TryAdd(uuid, new Track(name, parent, pid, descriptor.Has(8))), "a track is described twice");
    }

    private void ReadEvent(WireReader happened, ulong nanoseconds, ulong sequence)
    {
        // Fields that Perfetto's TrackEvent has and this writer may use; any other would be a mistake in a number.
        Assert.Empty(happened.Fields.Except([4, 9, 10, 11, 30, 47, 48]));
        var track = _tracks[happened.Number(11)!.Value];
        Assert.True(nanoseconds >= _sequences[sequence].Last, "time goes back within a sequence");
        _sequences[sequence] = (nanoseconds, true);
        var annotations = happened.Messages(4).ToDictionary(one => _annotationNames[(sequence, one.Number(1)!.Value)], one => one.Number(3) ?? one.Number(7)!.Value);
        var at = (nanoseconds * 1000) + annotations.GetValueOrDefault("ps");
        var name = happened.Number(10) is { } id ? _names[(sequence, id)] : "";
        switch (happened.Number(9))
        {
            case 1:
                Assert.False(track.IsCounter);
                var slice = new Slice(track, name, at, track.Open.Count, annotations);
                track.Open.Push(slice);
                Slices.Add(slice);
                break;
            case 2:
                var ended = track.Open.Pop();
                Assert.True(at >= ended.Begin);
                ended.End = at;
                ended.IsUnfinished = annotations.ContainsKey("unfinished");
                ended.EndAnnotations = annotations;
                break;
            case 3:
                Instants.Add(new Instant(track, name, at, track.Open.TryPeek(out var around) ? around : null));
                break;
            case 4:
                Assert.True(track.IsCounter);
                track.Counter = (long)happened.Number(30)!.Value;
                break;
            default:
                throw new InvalidDataException($"type {happened.Number(9)} of an event");
        }

        Follow(happened, track, name, at);
    }

    private void Follow(WireReader happened, Track track, string name, ulong at)
    {
        foreach (var id in happened.Numbers(47).Concat(happened.Numbers(48)))
        {
            if (!_openFlows.TryGetValue(id, out var flow))
            {
                Assert.True(_flowIds.Add(id), "the number of a flow is used twice");
                _openFlows.Add(id, flow = new Flow(id, []));
            }

            flow.Steps.Add((track, name, at));
        }

        foreach (var id in happened.Numbers(48))
        {
            EndedFlows.Add(_openFlows[id]);
            _openFlows.Remove(id);
        }
    }

    internal sealed record Track(string Name, Track? Parent, ulong Pid, bool IsCounter)
    {
        public Stack<Slice> Open { get; } = [];

        public long Counter { get; set; }
    }

    internal sealed record Slice(Track Track, string Name, ulong Begin, int Depth, IReadOnlyDictionary<string, ulong> Annotations)
    {
        public ulong End { get; set; }

        public bool IsUnfinished { get; set; }

        public IReadOnlyDictionary<string, ulong> EndAnnotations { get; set; } = new Dictionary<string, ulong>();
    }

    internal sealed record Instant(Track Track, string Name, ulong At, Slice? Around);

    internal sealed record Flow(ulong Id, List<(Track Track, string Name, ulong At)> Steps);
}
