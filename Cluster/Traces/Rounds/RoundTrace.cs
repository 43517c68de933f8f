using Trapline.Actors.Tracing;
using Trapline.Messages;

namespace Trapline.Cluster.Traces.Rounds;

/// <summary>
/// Keeps one round of each machine: from the guest's first <c>mark</c> to the next one of that name by the same vCPU; where
/// there is no such pair, the beginning. Bounded, however long the run.
/// </summary>
public sealed class RoundTrace : ITraceSink
{
    /// <summary>Items of one round: more cannot be told apart on a page.</summary>
    public const int MostItems = 4_000;

    /// <summary>Items of a beginning, which is shown where the guest makes no mark: enough to see what goes on.</summary>
    public const int MostItemsOfBeginning = 500;

    /// <summary>Machines of a run, the first ones.</summary>
    public const int MostMachines = 16;

    private readonly List<Round> _rounds = [];
    private readonly SortedDictionary<ActorAddress, LaneRecorder> _lanes = [];
    private TraceMachine? _machine;
    private TraceEntry? _mark;
    private Round? _beginning;
    private VirtualTime _from;
    private int _kept;

    public bool WantsInstructions => false;

    public IReadOnlyList<Round> Rounds => _rounds;

    public void Begin(TraceMachine machine)
    {
        _machine = _rounds.Count < MostMachines ? machine : null;
        _mark = null;
        _beginning = null;
        _from = VirtualTime.Zero;
        _lanes.Clear();
        Forget();
    }

    public void Write(in TraceEntry entry)
    {
        if (_machine is null || entry.Actor.Role == ActorRole.Memory)
        {
            return;
        }

        var isMark = entry.Kind == TraceKind.Mark;
        if (isMark && _mark is null)
        {
            _beginning ??= Build(entry.At, "from the start to the first mark", cut: false);
            (_mark, _from) = (entry, entry.At);
            Forget();
            isMark = false;
        }

        var lane = Lane(entry.Actor);
        var before = lane.Kept;
        lane.Write(in entry, _machine.Program.Marks);
        _kept += lane.Kept - before;
        if (isMark && _mark!.Value.Actor == entry.Actor && _mark.Value.Number == entry.Number)
        {
            Close(Build(entry.At, $"from the first {NameOf(entry)} to its next one", cut: false));
        }
        else if (_kept >= (_mark is null ? MostItemsOfBeginning : MostItems))
        {
            Full(entry.At);
        }
    }

    public void End(VirtualTime at)
    {
        if (_machine is not null)
        {
            Close(_beginning ?? Build(at, "from the start to the end", cut: false));
        }
    }

    public void Finish()
    {
        // There is no output but what was built at each machine's end.
    }

    /// <summary>Of a round that is the end. Without a mark so far it is the beginning, kept in case that no pair of marks comes.</summary>
    private void Full(VirtualTime at)
    {
        if (_mark is { } mark)
        {
            Close(Build(at, $"from the first {NameOf(mark)} on", cut: true));
            return;
        }

        _beginning ??= Build(at, "from the start on", cut: true);
        Forget();
    }

    private void Forget()
    {
        _kept = 0;
        foreach (var lane in _lanes.Values)
        {
            lane.Clear();
        }
    }

    private void Close(Round round)
    {
        _rounds.Add(round);
        _machine = null;
    }

    private string NameOf(in TraceEntry mark) => $"mark {_machine!.Program.Marks[mark.Number]} of {mark.Actor}";

    private Round Build(VirtualTime at, string what, bool cut)
    {
        var lanes = _lanes.Values.Select(lane => lane.Build(_from, at)).Where(lane => lane.Items.Count > 0).OrderByDescending(lane => lane.IsVcpu);
        return new(_machine!.Name, what, _from, at, cut, [.. lanes]);
    }

    /// <summary>An IPI unit is drawn with its vCPU.</summary>
    private LaneRecorder Lane(ActorAddress actor)
    {
        var address = actor.Role == ActorRole.Ipi ? new ActorAddress(actor.Machine, ActorRole.Vcpu, actor.Index) : actor;
        if (!_lanes.TryGetValue(address, out var lane))
        {
            _lanes[address] = lane = new($"{address}", address.Role == ActorRole.Vcpu, TraceNames.Of(_machine!));
        }

        return lane;
    }
}
