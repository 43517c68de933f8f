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

    // What waits in each group's queue and in all of them: kept up with, since counting all at each window would cost more than the window.
    private readonly int[] _waitingIn;
    private long _waiting;
    private readonly Placement _placement;
    private readonly List<Message>[] _outgoing;
    private readonly WindowWorkers _workers;
    private readonly VirtualTime _window;
    private readonly VirtualTime _greatest;
    private readonly TraceWriter? _trace;

    public Engine(SimulationPlan plan, Placement placement, int node, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(options);
        Plan = plan;
        Node = node;
        _placement = placement;
        _greatest = plan.Greatest;
        _trace = options.Trace;
        _window = WindowLength(plan, options);
        _groups = new Group?[plan.Groups.Count];
        _schedule = new GroupSchedule(plan.Groups.Count);
        _active = new int[plan.Groups.Count];
        _waitingIn = new int[plan.Groups.Count];
        _outgoing = new List<Message>[placement.Nodes];
        for (var i = 0; i < _outgoing.Length; i++)
        {
            _outgoing[i] = [];
        }

        for (var i = 0; i < _groups.Length; i++)
        {
            _groups[i] = placement.NodeOf(i) == node ? new Group(plan, i, _trace?.AddGroup()) : null;
        }

        _workers = new WindowWorkers(_groups, options.Threads);
    }

    public SimulationPlan Plan { get; }

    public int Node { get; }

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

    public void Start()
    {
        foreach (var group in Groups)
        {
            group.Start();
        }

        AfterRun(Groups.Select(group => group.Index).ToArray());
    }

    /// <summary>
    /// The state of all groups of this node, between windows. Loading takes the place of <see cref="Start"/>: the plan
    /// must be the one that the state was written under.
    /// </summary>
    public void SyncState(StateSync sync)
    {
        foreach (var group in Groups)
        {
            group.SyncState(sync);
            _schedule.Set(group.Index, group.NextDue);
            CountWaiting(group);
        }
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

            if (!Plan.Directory.TryFind(message.Source, out var source) || _placement.NodeOf(source.Group) != fromNode)
            {
                throw new SimulationException($"node {fromNode} sent a message from an actor that it does not hold: {message}");
            }

            if (message.Due < notBefore || message.Kind is MessageKind.Timer or MessageKind.None)
            {
                throw new SimulationException($"node {fromNode} sent a message that cannot be due after {notBefore}: {message}");
            }

            Deliver(in message, target.Group);
        }
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

    private void RunWindow(VirtualTime end)
    {
        var active = _active.AsSpan(0, _schedule.Collect(end, _active));
        _workers.Run(active, end);
        Windows++;
        AfterRun(active);
        _trace?.Flush();
    }

    private void AfterRun(ReadOnlySpan<int> active)
    {
        foreach (var index in active)
        {
            var group = _groups[index]!;
            _schedule.Set(index, group.NextDue);
            CountWaiting(group);
            if (group.End is not null)
            {
                End = EndRequest.First(End, group.End);
                StopBefore(End!.At + _greatest);
            }
        }

        foreach (var index in active)
        {
            var outbox = _groups[index]!.Outbox;
            for (var i = 0; i < outbox.Count; i++)
            {
                Route(in outbox[i], outbox.GroupOf(i));
            }

            outbox.Clear();
        }
    }

    private void Route(in Message message, int group)
    {
        if (_groups[group] is not null)
        {
            Deliver(in message, group);
            return;
        }

        _outgoing[_placement.NodeOf(group)].Add(message);
    }

    private void Deliver(in Message message, int group)
    {
        _groups[group]!.Accept(in message);
        _schedule.Lower(group, message.Due);
        _waitingIn[group]++;
        _waiting++;
        CheckWaiting(_groups[group]!);
    }

    private void CountWaiting(Group group)
    {
        _waiting += group.Queue.Count - _waitingIn[group.Index];
        _waitingIn[group.Index] = group.Queue.Count;
        CheckWaiting(group);
    }

    private void CheckWaiting(Group group)
    {
        if (_waiting > Plan.Limits.Messages)
        {
            throw new SimulationException(
                $"{_waiting} messages wait at {Position}, {_waitingIn[group.Index]} of them for group {group.Name}; the limit is {Plan.Limits.Messages}: raise limits.messages, or look for a target that never answers");
        }
    }
}
