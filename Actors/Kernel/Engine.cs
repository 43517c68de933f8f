using Trapline.Actors.Tracing;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Runs the groups of one node, window by window: every group with work before the window's end runs to it, alone;
/// then what they sent one another is exchanged, all of it due at the window's end or later.
/// </summary>
public sealed class Engine : IDisposable
{
    private readonly Group?[] _groups;
    private readonly GroupSchedule _schedule;
    private readonly int[] _active;

    private readonly GroupOwners _owners;
    private readonly WorkerOutput[] _outputs;
    private readonly Placement _placement;
    private readonly List<Message>[] _outgoing;
    private readonly WindowWorkers _workers;
    private readonly VirtualTime _window;
    private readonly VirtualTime _greatest;
    private readonly EngineOptions _options;
    private readonly TraceWriter? _trace;

    // What waits in all queues: kept up with, since counting at each window would cost more than the window.
    private long _waiting;

    public Engine(SimulationPlan plan, Placement placement, int node, EngineOptions options)
        : this(plan, placement, node, options, kept: null)
    {
    }

    // Of the groups of this node those that exist already are kept.
    private Engine(SimulationPlan plan, Placement placement, int node, EngineOptions options, Group?[]? kept)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(options);
        Plan = plan;
        Node = node;
        _options = options;
        _placement = placement;
        _greatest = plan.Greatest;
        _trace = options.Trace;
        _window = WindowLength(plan, options);
        _groups = new Group?[plan.Groups.Count];
        _schedule = new GroupSchedule(plan.Groups.Count);
        _active = new int[plan.Groups.Count];
        _outgoing = new List<Message>[placement.Nodes];
        for (var i = 0; i < _outgoing.Length; i++)
        {
            _outgoing[i] = [];
        }

        _owners = new GroupOwners(placement, node, _groups.Length, options.Threads);
        _outputs = [.. Enumerable.Range(0, options.Threads).Select(_ => new WorkerOutput(_owners))];
        for (var i = 0; i < _groups.Length; i++)
        {
            _groups[i] = placement.NodeOf(i) == node ? kept?[i] ?? new Group(plan, i, _outputs[0], _trace?.AddGroup(), options.Invariants) : null;
        }

        _workers = new WindowWorkers(_groups, _schedule, _owners, _outputs);
    }

    public SimulationPlan Plan { get; }

    public int Node { get; }

    /// <summary>Where all groups are.</summary>
    public Placement Placement => _placement;

    /// <summary>The groups of this node, in the plan's order.</summary>
    public IEnumerable<Group> Groups => _groups.OfType<Group>();

    /// <summary>Least due time over this node's groups.</summary>
    public VirtualTime NextDue => _schedule.Least;

    /// <summary>Nothing due at this time or later is handled.</summary>
    public VirtualTime StopAt { get; private set; } = VirtualTime.Never;

    /// <summary>The first end that a local actor asked for.</summary>
    public EndRequest? End { get; private set; }

    public long Windows { get; private set; }

    /// <summary>Start of the current window; for progress, read from any thread.</summary>
    public VirtualTime Position => new(Volatile.Read(ref _position));

    private long _position;

    /// <summary>Asked at the start of each window; true stops the run exactly there.</summary>
    public Func<VirtualTime, bool>? StopRequested { get; set; }

    /// <summary>Counts what groups of this node send one another and others; null for nothing. To be set between two windows.</summary>
    public TrafficCounter? Traffic { get => _workers.Traffic; set => _workers.Traffic = value; }

    public void Start()
    {
        foreach (var group in Groups)
        {
            group.Start();
            _schedule.Set(group.Index, group.NextDue);
            _waiting += group.Queue.Count;
        }

        _workers.DeliverAll(VirtualTime.Zero);
        AfterWindow();
    }

    /// <summary>
    /// The state of all groups of this node, between windows. No cut once an end was asked for: a group that asked would
    /// refuse, and what is left of such a run is shorter than a path. Loading takes the place of <see cref="Start"/>: the plan
    /// must be the one that the state was written under, faults included. Who watches over invariants is not saved and begins
    /// anew, see <see cref="Group.SyncState"/>.
    /// </summary>
    public void SyncState(StateSync sync)
    {
        foreach (var group in Groups)
        {
            group.SyncState(sync);
        }

        Refresh(sync.Loading);
    }

    /// <summary>As <see cref="SyncState"/>, from a source for each group.</summary>
    /// <param name="source">The saved state of a group; it must have nothing left over.</param>
    /// <exception cref="StateFormatException">What was saved does not fit.</exception>
    public void Load(Func<Group, StateReader> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (var group in Groups)
        {
            var reader = source(group);
            group.SyncState(reader);
            reader.Finish();
        }

        Refresh(isLoaded: true);
    }

    /// <summary>
    /// Between two windows: this node keeps the groups that stay, and loads those that come; no virtual time passes. This engine is
    /// disposed, and the returned one goes on in its place.
    /// </summary>
    /// <param name="placement">Where all groups are from now on, for as many nodes.</param>
    /// <param name="arrived">The state of a group that comes.</param>
    /// <exception cref="StateFormatException">What came does not fit.</exception>
    /// <exception cref="InvalidOperationException">Messages are still to be sent, or an end was asked for: a group that asked is not whole.</exception>
    public Engine MoveTo(Placement placement, Func<Group, StateReader> arrived)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(arrived);
        if (End is not null || placement.Nodes != _placement.Nodes || _outgoing.Any(messages => messages.Count > 0))
        {
            throw new InvalidOperationException("Groups move between two windows of a run whose end nobody has asked for, when all messages for other nodes were handed over.");
        }

        var moved = new Engine(Plan, placement, Node, _options, _groups) { StopRequested = StopRequested, Windows = Windows, StopAt = StopAt, Traffic = Traffic };
        Volatile.Write(ref moved._position, Position.Picoseconds);
        Dispose();
        foreach (var group in moved.Groups.Where(group => _groups[group.Index] is null))
        {
            var reader = arrived(group);
            group.SyncState(reader);
            reader.Finish();
        }

        moved.Refresh(isLoaded: true);
        return moved;
    }

    /// <summary>Lowers <see cref="StopAt"/>.</summary>
    public void StopBefore(VirtualTime time) => StopAt = VirtualTime.Min(StopAt, time);

    /// <summary>Handles everything due before <paramref name="end"/>, in windows, until <see cref="StopAt"/>.</summary>
    public void Run(VirtualTime end)
    {
        while (true)
        {
            var start = _schedule.Least;
            var limit = VirtualTime.Min(end, StopAt);
            if (start >= limit)
            {
                return;
            }

            Volatile.Write(ref _position, start.Picoseconds);
            if (StopRequested is not null && StopRequested(start))
            {
                StopBefore(start);
                return;
            }

            RunWindow(VirtualTime.Min(start + _window, limit));
        }
    }

    /// <summary>What the last windows left for another node; the caller clears it after sending.</summary>
    public List<Message> OutgoingTo(int node) => _outgoing[node];

    /// <summary>Takes over a batch from another node. Each message must be for a group of this node, from one of that node, and not due before <paramref name="notBefore"/>.</summary>
    /// <exception cref="SimulationException">A message breaks one of these rules.</exception>
    public void Accept(ReadOnlySpan<Message> batch, int fromNode, VirtualTime notBefore)
    {
        foreach (ref readonly var message in batch)
        {
            if (!Plan.Directory.TryFind(message.Target, out var target) || _placement.NodeOf(target.Group) != Node)
            {
                throw new SimulationException($"node {fromNode} sent a message for an actor that node {Node} does not hold: {message}");
            }

            if (!Plan.Directory.TryFind(message.Source.Original, out var source) || _placement.NodeOf(source.Group) != fromNode)
            {
                throw new SimulationException($"node {fromNode} sent a message from an actor that it does not hold: {message}");
            }

            if (message.Due < notBefore || message.Kind is MessageKind.Timer or MessageKind.None)
            {
                throw new SimulationException($"node {fromNode} sent a message that cannot be due after {notBefore}: {message}");
            }

            _groups[target.Group]!.Queue.Push(in message);
            _schedule.Lower(target.Group, message.Due);
            _waiting++;
        }

        CheckWaiting();
    }

    /// <summary>Whether an actor is in a group of this node.</summary>
    public bool Holds(ActorAddress address) => Plan.Directory.TryFind(address, out var found) && _groups[found.Group] is not null;

    /// <summary>Puts in what a person does, between two windows or at the start of one: due then, and handled as any other message.</summary>
    /// <exception cref="SimulationException">Its target is not here.</exception>
    public void Inject(in Message message)
    {
        if (!Plan.Directory.TryFind(message.Target, out var target) || _groups[target.Group] is not { } group)
        {
            throw new SimulationException($"node {Node} does not hold the target of what a person did: {message}");
        }

        group.Queue.Push(in message);
        _schedule.Lower(target.Group, message.Due);
        _waiting++;
        CheckWaiting();
    }

    public void Dispose() => _workers.Dispose();

    private static VirtualTime WindowLength(SimulationPlan plan, EngineOptions options)
    {
        var longest = plan.Window;
        if (longest <= VirtualTime.Zero)
        {
            throw new SimulationException($"the path {plan.Limiting} has a latency of {plan.Lookahead}: without a positive one there is no window");
        }

        if (options.Window is not { } wanted)
        {
            return longest;
        }

        return plan.WindowProblem(wanted) is { } problem ? throw new SimulationException(problem) : wanted;
    }

    private void Refresh(bool isLoaded)
    {
        _waiting = 0;
        foreach (var group in Groups)
        {
            _schedule.Set(group.Index, group.NextDue);
            _waiting += group.Queue.Count;
        }

        if (isLoaded)
        {
            CheckOneCut();
        }

        CheckWaiting();
    }

    /// <summary>All groups were saved at one time: what one has handled cannot be later than what another has still before it.</summary>
    private void CheckOneCut()
    {
        var latest = Groups.MaxBy(group => group.Now);
        if (latest is not null && latest.Now > _schedule.Least)
        {
            var first = Groups.MinBy(group => group.NextDue)!;
            throw new StateFormatException($"row 'now' of group {latest.Name}: it is at {latest.Now}, but group {first.Name} has something due at {first.NextDue}: they are not of one cut");
        }
    }

    private void RunWindow(VirtualTime end)
    {
        _workers.Run(_active, _schedule.Collect(end, _active), end);
        Windows++;
        AfterWindow();
        _trace?.Flush();
    }

    private void AfterWindow()
    {
        foreach (var output in _outputs)
        {
            _waiting += output.Waiting;
            output.Waiting = 0;
            if (output.End is not null)
            {
                End = EndRequest.First(End, output.End);
                StopBefore(End!.At + _greatest);
            }

            TakeOutgoing(output[_owners.Elsewhere]);
        }

        CheckWaiting();
    }

    private void TakeOutgoing(Outbox outbox)
    {
        for (var i = 0; i < outbox.Count; i++)
        {
            Traffic?.Count(in outbox.Messages[i], outbox.Groups[i]);
            _outgoing[_placement.NodeOf(outbox.Groups[i])].Add(outbox.Messages[i]);
        }

        outbox.Clear();
    }

    private void CheckWaiting()
    {
        if (_waiting > Plan.Limits.Messages)
        {
            var most = Groups.MaxBy(group => group.Queue.Count)!;
            throw new SimulationException(
                $"{_waiting} messages wait at {Position}, {most.Queue.Count} of them for group {most.Name}; the limit is {Plan.Limits.Messages}: raise limits.messages, or look for a target that never answers");
        }
    }
}
