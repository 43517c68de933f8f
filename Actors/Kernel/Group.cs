using System.Runtime.CompilerServices;
using Trapline.Actors.Faults;
using Trapline.Actors.Invariants;
using Trapline.Actors.Tracing;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Actors that may talk with no delay, their queue and their clock: the unit of placement and of parallel work. While
/// a window runs, one thread alone is in a group, and the group touches nothing outside itself.
/// </summary>
public sealed partial class Group
{
    private readonly Actor[] _actors;
    private readonly IRunner[] _runners;
    private ImmediateQueue _immediate = new();
    private readonly SimulationPlan _plan;
    private readonly ActorDirectory _directory;

    // Groups of one actor, and those without steps of their own, are spared look-ups that cost more than a cache line each.
    private readonly Actor? _lone;
    private readonly bool _steps;
    private readonly bool _prefetches;
    private readonly int _pathClass;
    private readonly GroupObserver? _observer;
    private readonly FaultInjector? _faults;
    private VirtualTime _instant;
    private int _messagesAtInstant;
    private bool _seedDecided;
    private WorkerOutput _output;

    /// <param name="plan">Of the whole machine.</param>
    /// <param name="index">Which of the plan's groups this is.</param>
    /// <param name="output">What the worker that runs it first collects.</param>
    /// <param name="trace">Where its actors note what happens; null where nothing is traced.</param>
    /// <param name="observed">Whether invariants are watched over.</param>
    internal Group(SimulationPlan plan, int index, WorkerOutput output, TraceLog? trace, bool observed)
    {
        _plan = plan;
        Trace = trace;
        _directory = plan.Directory;
        _prefetches = Prefetch.PaysFor(plan.Groups.Count);
        _output = output;
        Index = index;
        var own = plan.Groups[index];
        Name = own.Name;
        _pathClass = own.PathClass;
        Queue = new MessageQueue(plan.Seed);
        _actors = [.. own.Create()];
        _runners = [.. _actors.OfType<IRunner>()];
        _steps = _runners.Length > 0;
        _lone = _actors.Length == 1 ? _actors[0] : null;
        if (!_actors.Select(actor => actor.Address).SequenceEqual(own.Addresses))
        {
            throw new SimulationException($"group {Name} created other actors than its plan names");
        }

        _faults = FaultInjector.For(plan.Faults, own);
        _observer = observed ? new GroupObserver(this, _directory) : null;
        for (var slot = 0; slot < _actors.Length; slot++)
        {
            _actors[slot].Attach(this, slot);
        }
    }

    public int Index { get; }

    public string Name { get; }

    public VirtualTime Now { get; private set; }

    public MessageQueue Queue { get; }

    public IReadOnlyList<Actor> Actors => _actors;

    /// <summary>Null where nothing is traced.</summary>
    public TraceLog? Trace { get; }

    /// <summary>Null where nobody watches over invariants.</summary>
    public GroupObserver? Observer => _observer;

    /// <summary>The planned faults that have hit something that this group sent, the first ones, in the order of time.</summary>
    public IReadOnlyList<FiredFault> FiredFaults => _faults?.Fired ?? [];

    /// <summary>The first end that somebody in this group asked for.</summary>
    public EndRequest? End { get; private set; }

    public long Handled { get; private set; }

    /// <summary>The seed chose between things due at one time.</summary>
    public bool SeedDecided => Queue.SeedDecided || _seedDecided;

    public VirtualTime NextDue => _steps ? VirtualTime.Min(Queue.NextDue, NextStep) : Queue.NextDue;

    private VirtualTime NextStep => _runners.Length switch
    {
        0 => VirtualTime.Never,
        1 => _runners[0].NextStep,
        _ => _runners[FirstRunner()].NextStep,
    };

    internal void Start()
    {
        foreach (var actor in _actors)
        {
            actor.Start();
            DrainImmediate();
        }
    }

    /// <summary>Handles everything due before <paramref name="end"/>; what is sent to other groups goes to <paramref name="output"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Run(VirtualTime end, WorkerOutput output)
    {
        if (_output != output)
        {
            _output = output;
        }

        if (_steps)
        {
            RunSteps(end);
            return;
        }

        var queue = Queue;
        while (queue.NextDue < end)
        {
            Now = queue.NextDue;
            queue.Pop(out var message);
            if (_prefetches && queue.NextDue < end)
            {
                queue.PrefetchFirst();
            }

            Handle(in message);
            DrainImmediate();
        }
    }

    /// <summary>
    /// All that the group is: clock, actors, the messages on their way to it, and what its planned faults have counted. Only
    /// between windows, when nothing that it sent is still in its outbox. The observer is no part of it: it decides nothing,
    /// and after loading it takes everything for possible until it has seen it anew.
    /// </summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        if (!_immediate.IsEmpty || End is not null)
        {
            throw new InvalidOperationException($"group {Name} is inside a window, or ends the run: its state is not whole");
        }

        sync.Begin(Name);
        var now = Now;
        sync.Row("now", ref now);
        Now = now;
        var handled = Handled;
        sync.Row("handled", ref handled);
        Handled = handled;
        sync.Row("seedDecided", ref _seedDecided);
        foreach (var actor in _actors)
        {
            actor.SyncState(sync);
        }

        Queue.SyncMessages(sync, _plan.Limits.Messages);
        _faults?.SyncState(sync);
        sync.End();
        if (sync.Loading)
        {
            CheckLoaded();
            _observer?.Forget();
        }
    }

    /// <summary>Somebody has that address, in whatever group, or what it says is an echo of it.</summary>
    internal bool Knows(ActorAddress address) => address.Role == ActorRole.Person || _directory.TryFind(address.Original, out _);

    /// <summary>Nothing may be due before now, and each message must have come to the right place: from there on nobody looks.</summary>
    private void CheckLoaded()
    {
        foreach (var message in Queue.Waiting())
        {
            var isHere = _directory.TryFind(message.Target, out var target) && target.Group == Index;
            var isTimer = message.Kind == MessageKind.Timer && message.Source == message.Target;
            if (!isHere || message.Due < Now || message.Due.IsNever || message.Kind == MessageKind.None || !(isTimer || Knows(message.Source)))
            {
                throw new StateFormatException($"row 'message' of group {Name}: at {Now} this cannot wait there: {message}");
            }
        }

        if (Handled < 0 || NextDue < Now)
        {
            throw new StateFormatException($"row 'now' of group {Name}: {Now} with {Handled} messages handled, but something is due at {NextDue}");
        }
    }

    /// <summary>Asks for what handling a message will need; the group itself is at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchActor() => Prefetch.Object(in _lone, lines: 3);

    /// <summary>The clock of a runner that is ahead of the last message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(VirtualTime now) => Now = now;

    /// <summary>An actor of this group drew a random number.</summary>
    public void NoteDraw() => _seedDecided = true;

    /// <summary>What the seed may change of times.</summary>
    internal Perturbation Perturbation => _plan.Perturbation;

    /// <summary>Whether VMs may leave their host.</summary>
    internal bool IsMigratable => _plan.IsMigratable;

    /// <summary>Uniform in [0, bound).</summary>
    internal ulong Draw(ulong bound, ActorAddress actor, RandomPurpose purpose, ulong n)
    {
        NoteDraw();
        return CounterRandom.DrawBelow(bound, _plan.Seed, actor, purpose, n);
    }

    /// <summary>There are several modelled hosts, and paths between them that no cost contains.</summary>
    internal bool SpansHosts => _plan.Paths.InterHost > VirtualTime.Zero;

    /// <summary>What a message from or to an actor takes longer than inside one host; zero where it is on this one.</summary>
    internal VirtualTime InterHostTo(ActorAddress actor) =>
        SpansHosts && _directory.TryFind(actor.Original, out var location) && location.Group != Index ? PathTo(location.Group).InterHost : VirtualTime.Zero;

    /// <summary>What so many calls to another host, there and back, take longer than as many inside one.</summary>
    internal VirtualTime InterHostTravel(int calls) => new(2 * calls * _plan.Paths.InterHost.Picoseconds);

    public void RequestEnd(ActorAddress by, EndReason reason, ulong code, string detail)
    {
        End = EndRequest.First(End, new EndRequest(Now, by, reason, code, detail));
        _output.RequestEnd(End!);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Send(Actor source, ActorAddress target, MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        if (_faults is not null && Fault(source, target, kind, word0, word1, word2, word3))
        {
            return;
        }

        if (!_directory.TryFind(target, out var location))
        {
            FailUnlessEcho(source, target);
            return;
        }

        if (location.Group == Index)
        {
            ref var call = ref _immediate.Add();
            call.Due = Now;
            call.Source = source.Address;
            call.Sequence = source.NextSequence;
            Fill(ref call, target, kind, word0, word1, word2, word3);
            _observer?.Sent(in call, source.Slot, isLocal: true);
            return;
        }

        ref var message = ref _output.To(location.Group);
        message.Due = Arrival(source, target, location.Group);
        message.Source = source.Address;
        message.Sequence = source.NextSequence;
        Fill(ref message, target, kind, word0, word1, word2, word3);
        _observer?.Sent(in message, source.Slot, isLocal: false);
    }

    internal void SendAfter(Actor source, VirtualTime delay, ActorAddress target, MessageKind kind, ulong word0, ulong word1)
    {
        var due = Now + delay;
        var group = target == source.Address ? Index : Find(source, target).Group;
        if (group == Index)
        {
            // Within the group there is no path to keep to; a delay of zero would be a message of the form above.
            if (delay <= VirtualTime.Zero)
            {
                throw new SimulationException($"{source.Address} sends to {target} in its own group with a delay of {delay}; it must be positive");
            }

            Fill(ref Queue.Add(due, source.Address, source.NextSequence), target, kind, word0, word1, 0, 0);
            return;
        }

        ref readonly var path = ref PathTo(group);
        if (!path.Unordered || delay < path.Latency)
        {
            throw new SimulationException(
                $"{source.Address} sends to {target} after {delay}, but the path takes {path.Latency}{(path.Unordered ? "" : " and is not declared unordered")}: a group could be reached in its past");
        }

        ref var message = ref _output.To(group);
        message.Due = due;
        message.Source = source.Address;
        message.Sequence = source.NextSequence;
        Fill(ref message, target, kind, word0, word1, 0, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fill(ref Message message, ActorAddress target, MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        message.Target = target;
        message.Kind = kind;
        message.Reserved = 0;
        message.Blob = 0;
        message.Word0 = word0;
        message.Word1 = word1;
        message.Word2 = word2;
        message.Word3 = word3;
    }

    /// <summary>Messages and runners' steps, in order of time. A message due at the start of an instruction precedes it.</summary>
    private void RunSteps(VirtualTime end)
    {
        while (true)
        {
            var due = Queue.NextDue;
            var step = NextStep;
            if (due <= step)
            {
                if (due >= end)
                {
                    return;
                }

                HandleFirst();
            }
            else
            {
                if (step >= end)
                {
                    return;
                }

                RunAhead(VirtualTime.Min(due, end));
                DrainImmediate();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HandleFirst()
    {
        Now = Queue.NextDue;
        Queue.Pop(out var message);
        Handle(in message);
        DrainImmediate();
    }

    private ActorDirectory.Location Find(Actor source, ActorAddress target) =>
        _directory.TryFind(target, out var location) ? location : throw NobodyThere(source, target);

    private SimulationException NobodyThere(Actor source, ActorAddress target) =>
        new($"{source.Address} sends to {target} at {Now}, but no actor has that address");

    private ref readonly PathTable.Path PathTo(int group) => ref _plan.Paths.Between(_pathClass, _plan.PathClassOf(group));

    private VirtualTime Arrival(Actor source, ActorAddress target, int group)
    {
        ref readonly var path = ref PathTo(group);
        var due = Now + path.Latency;
        if (due.IsNever)
        {
            throw new SimulationException($"{source.Address} sends to {target} at {Now}, but no path leads from {Name} to {_plan.Groups[group].Name}");
        }

        return path.Jitter == VirtualTime.Zero ? due : WithJitter(source, target, due, path.Jitter);
    }

    private VirtualTime WithJitter(Actor source, ActorAddress target, VirtualTime due, VirtualTime jitter)
    {
        _seedDecided = true;
        var more = CounterRandom.DrawBelow((ulong)jitter.Picoseconds + 1, _plan.Seed, source.Address, RandomPurpose.PathJitter, source.DrawJitter());
        return source.KeepOrder(target, due + new VirtualTime((long)more));
    }

    private void RunAhead(VirtualTime limit)
    {
        if (_runners.Length == 1)
        {
            _runners[0].Run(limit);
            return;
        }

        var first = FirstRunner();
        foreach (var runner in _runners)
        {
            if (runner != _runners[first])
            {
                limit = VirtualTime.Min(limit, runner.NextStep);
                _seedDecided |= runner.NextStep == _runners[first].NextStep;
            }
        }

        _runners[first].Run(limit);
    }

    private int FirstRunner()
    {
        var first = 0;
        for (var i = 1; i < _runners.Length; i++)
        {
            var (a, b) = (_runners[i], _runners[first]);
            if (a.NextStep < b.NextStep || (a.NextStep == b.NextStep && !a.NextStep.IsNever
                && CounterRandom.Rank(_plan.Seed, a.NextStep, a.Address) < CounterRandom.Rank(_plan.Seed, b.NextStep, b.Address)))
            {
                first = i;
            }
        }

        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void DrainImmediate()
    {
        if (!_immediate.IsEmpty)
        {
            HandleImmediate();
        }

        if (_observer is { Unsettled: true })
        {
            _observer.Settle();
        }
    }

    private void HandleImmediate()
    {
        while (!_immediate.IsEmpty)
        {
            if (Now != _instant)
            {
                _instant = Now;
                _messagesAtInstant = 0;
            }

            _immediate.Take(out var message);
            if (++_messagesAtInstant > _plan.Limits.MessagesAtOneInstant)
            {
                throw InstantLimit(in message);
            }

            Handle(in message);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Handle(in Message message)
    {
        Handled++;
        if (_lone is not null && _lone.Address == message.Target)
        {
            _observer?.Received(in message, 0);
            _lone.Deliver(in message);
            return;
        }

        if (!_directory.TryFind(message.Target, out var location) || location.Group != Index)
        {
            throw new SimulationException($"group {Name} got a message for somebody else at {Now}: {message}");
        }

        _observer?.Received(in message, location.Slot);
        _actors[location.Slot].Deliver(in message);
    }

    /// <summary>Names the cycle: the messages that followed one another, until the first one came again.</summary>
    private SimulationException InstantLimit(in Message last)
    {
        var cycle = new List<string>();
        var message = last;
        do
        {
            cycle.Add($"{message.Source} -> {message.Target} {message.Kind}");
            Handle(in message);
            if (_immediate.IsEmpty)
            {
                break;
            }

            _immediate.Take(out message);
        }
        while (cycle.Count < 16 && (message.Source != last.Source || message.Target != last.Target || message.Kind != last.Kind));

        return new SimulationException(
            $"more than {_plan.Limits.MessagesAtOneInstant} messages without delay in group {Name} at {Now}: time cannot go on. The cycle: {string.Join(", ", cycle)}. If it is meant, raise limits.instant");
    }
}
