using System.Runtime.CompilerServices;
using Trapline.Actors.Tracing;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Actors that may talk with no delay, their queue and their clock: the unit of placement and of parallel work. While
/// a window runs, one thread alone is in a group, and the group touches nothing outside itself.
/// </summary>
public sealed class Group
{
    private readonly Actor[] _actors;
    private readonly IRunner[] _runners;
    private readonly ImmediateQueue _immediate = new();
    private readonly SimulationPlan _plan;
    private readonly int _pathClass;
    private VirtualTime _instant;
    private int _messagesAtInstant;
    private bool _seedDecided;

    /// <param name="plan">Of the whole machine.</param>
    /// <param name="index">Which of the plan's groups this is.</param>
    /// <param name="trace">Where its actors note what happens; null where nothing is traced.</param>
    public Group(SimulationPlan plan, int index, TraceLog? trace = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        Trace = trace;
        Index = index;
        var own = plan.Groups[index];
        Name = own.Name;
        _pathClass = own.PathClass;
        Queue = new MessageQueue(plan.Seed);
        _actors = [.. own.Create()];
        _runners = [.. _actors.OfType<IRunner>()];
        if (!_actors.Select(actor => actor.Address).SequenceEqual(own.Addresses))
        {
            throw new SimulationException($"group {Name} created other actors than its plan names");
        }

        foreach (var actor in _actors)
        {
            actor.Attach(this);
        }
    }

    public int Index { get; }

    public string Name { get; }

    public VirtualTime Now { get; private set; }

    public MessageQueue Queue { get; }

    public IReadOnlyList<Actor> Actors => _actors;

    /// <summary>Null where nothing is traced.</summary>
    public TraceLog? Trace { get; }

    /// <summary>What was sent to other groups in this window, with each target's group.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>The first end that somebody in this group asked for.</summary>
    public EndRequest? End { get; private set; }

    public long Handled { get; private set; }

    /// <summary>The seed chose between things due at one time.</summary>
    public bool SeedDecided => Queue.SeedDecided || _seedDecided;

    public VirtualTime NextDue => VirtualTime.Min(Queue.NextDue, NextStep);

    private VirtualTime NextStep => _runners.Length switch
    {
        0 => VirtualTime.Never,
        1 => _runners[0].NextStep,
        _ => _runners[FirstRunner()].NextStep,
    };

    public void Start()
    {
        foreach (var actor in _actors)
        {
            actor.Start();
            DrainImmediate();
        }
    }

    /// <summary>Handles everything due before <paramref name="end"/>.</summary>
    public void Run(VirtualTime end)
    {
        while (true)
        {
            var due = Queue.NextDue;
            var step = NextStep;

            // A message due at the start of an instruction precedes it.
            if (due <= step)
            {
                if (due >= end)
                {
                    return;
                }

                Queue.Pop(out var message);
                Now = due;
                Handle(in message);
            }
            else
            {
                if (step >= end)
                {
                    return;
                }

                RunAhead(VirtualTime.Min(due, end));
            }

            DrainImmediate();
        }
    }

    /// <summary>
    /// All that the group is: clock, actors, and the messages on their way to it. Only between windows, when nothing that
    /// it sent is still in its outbox.
    /// </summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        if (Outbox.Count > 0 || !_immediate.IsEmpty || End is not null)
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
        sync.End();
    }

    /// <summary>The clock of a runner that is ahead of the last message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(VirtualTime now) => Now = now;

    /// <summary>An actor of this group drew a random number.</summary>
    public void NoteDraw() => _seedDecided = true;

    public void RequestEnd(ActorAddress by, EndReason reason, ulong code, string detail) =>
        End = EndRequest.First(End, new EndRequest(Now, by, reason, code, detail));

    /// <summary>Takes over a message from another group.</summary>
    public void Accept(in Message message) => Queue.Push(in message);

    internal void Send(Actor source, ActorAddress target, MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        var location = Find(source, target);
        ref var message = ref Unsafe.NullRef<Message>();
        if (location.Group == Index)
        {
            message = ref _immediate.Add();
            message.Due = Now;
        }
        else
        {
            message = ref Outbox.Add(location.Group);
            message.Due = Arrival(source, target, location.Group);
        }

        message.Sequence = source.NextSequence;
        message.Source = source.Address;
        message.Target = target;
        message.Kind = kind;
        message.Reserved = 0;
        message.Blob = 0;
        message.Word0 = word0;
        message.Word1 = word1;
        message.Word2 = word2;
        message.Word3 = word3;
    }

    internal void SendAfter(Actor source, VirtualTime delay, ActorAddress target, MessageKind kind, ulong word0, ulong word1)
    {
        var location = Find(source, target);
        var message = new Message
        {
            Due = Now + delay,
            Sequence = source.NextSequence,
            Source = source.Address,
            Target = target,
            Kind = kind,
            Word0 = word0,
            Word1 = word1,
        };
        if (location.Group == Index)
        {
            // Within the group there is no path to keep to; a delay of zero would be a message of the form above.
            if (delay <= VirtualTime.Zero)
            {
                throw new SimulationException($"{source.Address} sends to {target} in its own group with a delay of {delay}; it must be positive");
            }

            Queue.Push(in message);
            return;
        }

        ref readonly var path = ref PathTo(location.Group);
        if (!path.Unordered || delay < path.Latency)
        {
            throw new SimulationException(
                $"{source.Address} sends to {target} after {delay}, but the path takes {path.Latency}{(path.Unordered ? "" : " and is not declared unordered")}: a group could be reached in its past");
        }

        Outbox.Add(location.Group) = message;
    }

    private ActorDirectory.Location Find(Actor source, ActorAddress target) =>
        _plan.Directory.TryFind(target, out var location)
            ? location
            : throw new SimulationException($"{source.Address} sends to {target} at {Now}, but no actor has that address");

    private ref readonly PathTable.Path PathTo(int group) => ref _plan.Paths.Between(_pathClass, _plan.Groups[group].PathClass);

    private VirtualTime Arrival(Actor source, ActorAddress target, int group)
    {
        ref readonly var path = ref PathTo(group);
        var due = Now + path.Latency;
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

    private void DrainImmediate()
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
        if (!_plan.Directory.TryFind(message.Target, out var location) || location.Group != Index)
        {
            throw new SimulationException($"group {Name} got a message for somebody else at {Now}: {message}");
        }

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
