using System.Runtime.CompilerServices;
using Trapline.Actors.Invariants;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// Owns its state alone, handles one message at a time, talks only by messages. No state may live in a task, an
/// iterator or a closure: work in steps is rows of <see cref="SyncRows"/>.
/// </summary>
public abstract class Actor
{
    private readonly int _timerCount;
    private Group? _group;
    private int[] _timerSlots = [];
    private ulong _sequence;
    private ulong _handled;
    private ulong _jitterDraws;
    private Digest128 _digest = Digest128.Empty;
    private SortedDictionary<uint, long>? _lastDueByTarget;

    protected Actor(ActorAddress address, int timerCount = 0)
    {
        Address = address;
        _timerCount = timerCount;
    }

    public ActorAddress Address { get; }

    /// <summary>Messages handled so far.</summary>
    public ulong Handled => _handled;

    protected internal VirtualTime Now => Group.Now;

    protected Group Group => _group ?? throw new InvalidOperationException($"{Address} acts before it was put into a group");

    /// <summary>Where to note what happens; null where nothing is traced. No state: what is noted changes nothing.</summary>
    protected TraceLog? Trace => Group.Trace;

    /// <summary>Who watches over the invariants of this group; null where nobody does. No state: what is told to it changes nothing.</summary>
    protected GroupObserver? Observer => Group.Observer;

    /// <summary>Its place within the group.</summary>
    internal int Slot { get; private set; }

    internal ulong NextSequence
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _sequence++;
    }

    /// <summary>Called once at virtual time 0 of a fresh run, never after a restore.</summary>
    public virtual void Start()
    {
    }

    /// <summary>The raw rows: kernel rows first, then the actor's own.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Begin(Address.ToString());
        try
        {
            sync.Row("sequence", ref _sequence);
            sync.Row("handled", ref _handled);
            sync.Row("jitterDraws", ref _jitterDraws);
            sync.Row("digest", ref _digest);
            SyncTimers(sync);
            SyncLastDue(sync);
            SyncRows(sync);
        }
        catch (StateFormatException problem)
        {
            throw new StateFormatException($"{Address}: {problem.Message}", problem);
        }

        sync.End();
    }

    /// <summary>The rows that a migration has to bring to the other host: registers and the like, no statistics and no work in progress. Only ever listed.</summary>
    internal virtual void SyncRegisters(StateSync sync)
    {
    }

    /// <summary>Refuses a loaded request of this actor's that no run could have given it.</summary>
    /// <param name="row">Where it was read.</param>
    /// <param name="request">One that has come and is not answered yet.</param>
    internal void CheckRequest(string row, in Message request)
    {
        var isTimer = request.Kind == MessageKind.Timer;
        var comes = request.Target == Address && request.Due >= VirtualTime.Zero && request.Due <= Now
            && (isTimer ? request.Source == Address && request.Word0 < (ulong)_timerCount : request.Kind != MessageKind.None && Group.Knows(request.Source));
        if (!comes)
        {
            throw new StateFormatException($"row '{row}': at {Now} it cannot have got this: {request}");
        }
    }

    /// <summary>Refuses a loaded address that no actor has.</summary>
    /// <param name="row">Where it was read.</param>
    /// <param name="address">None is as good as one that is known.</param>
    internal void CheckKnown(string row, ActorAddress address)
    {
        if (address != default && !Group.Knows(address))
        {
            throw new StateFormatException($"row '{row}': there is no actor {address}");
        }
    }

    /// <summary>What the seed may change of times.</summary>
    internal Perturbation Perturbation => Group.Perturbation;

    /// <summary>Whether VMs may leave their host: what only this needs is a row only then.</summary>
    protected bool IsMigratable => Group.IsMigratable;

    /// <summary>Modelled hosts lie apart: what only this needs is a row only then, so other runs keep their digests.</summary>
    protected bool SpansHosts => Group.SpansHosts;

    /// <summary>What so many calls to another host, there and back, take longer than as many inside one: no cost contains it.</summary>
    protected VirtualTime InterHostTravel(int calls) => Group.InterHostTravel(calls);

    /// <summary>
    /// What a call cost that was answered: what the answer says, and the way there and back where the one who answers is on another
    /// host. Whoever waits out a cost after an answer takes it from here, so that each trip is paid for once, by the one who waited for it.
    /// </summary>
    /// <param name="answer">What came.</param>
    /// <param name="word">Its word with the cost; 0 where the caller knows the cost by itself.</param>
    protected CallCost CostOf(in Message answer, ulong word = 0)
    {
        var cost = new CallCost(word);
        var isRemote = Group.InterHostTo(answer.Source) > VirtualTime.Zero;
        return isRemote ? cost + CallCost.Of(InterHostTravel(1), interHostCalls: 1) : cost;
    }

    /// <summary>From when the cost of what a message does here counts: from its departure, and later by what its way took longer than inside one host.</summary>
    /// <param name="message">One that came.</param>
    /// <param name="departure">When it says that it left.</param>
    protected VirtualTime DepartureOf(in Message message, VirtualTime departure) => departure + Group.InterHostTo(message.Source);

    /// <summary>Under which name it draws. Of a VM that may move the same on every host: moved, it draws what it would have drawn.</summary>
    protected ActorAddress DrawsAs => IsMigratable ? new(0, Address.Role, Address.Index) : Address;

    /// <summary>A span made up to so much shorter or longer; the seed decides.</summary>
    /// <param name="span">Not negative.</param>
    /// <param name="partsPerMillion">Of the span; 0 leaves it and draws nothing.</param>
    /// <param name="purpose">Of the draw.</param>
    /// <param name="draws">Draws for this purpose so far: the actor's own saved state.</param>
    internal VirtualTime Perturbed(VirtualTime span, uint partsPerMillion, RandomPurpose purpose, ref ulong draws)
    {
        var most = (ulong)((UInt128)span.Picoseconds * partsPerMillion / Perturbation.Million);
        return most == 0 ? span : new VirtualTime(span.Picoseconds - (long)most + (long)Group.Draw((2 * most) + 1, DrawsAs, purpose, draws++));
    }

    internal ulong DrawJitter() => _jitterDraws++;

    internal void Attach(Group group, int slot)
    {
        _group = group;
        Slot = slot;
        _timerSlots = new int[_timerCount];
        for (var timer = 0; timer < _timerCount; timer++)
        {
            _timerSlots[timer] = group.Queue.AddTimer(Address, timer);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Deliver(in Message message)
    {
        _handled++;
        _digest.Absorb(in message);
        Handle(in message);
    }

    /// <summary>
    /// On a path declared <c>jitter</c> nothing may overtake what the same source sent to the same target before: no
    /// due time is earlier than the last.
    /// </summary>
    internal VirtualTime KeepOrder(ActorAddress target, VirtualTime due)
    {
        _lastDueByTarget ??= [];
        if (_lastDueByTarget.TryGetValue(target.Value, out var last) && last > due.Picoseconds)
        {
            due = new VirtualTime(last);
        }

        _lastDueByTarget[target.Value] = due.Picoseconds;
        return due;
    }

    protected abstract void Handle(in Message message);

    /// <summary>Names every row of the actor's own state, for every direction.</summary>
    protected abstract void SyncRows(StateSync sync);

    /// <summary>Sends by the form that the path has: at once inside the group, after the path's latency between groups.</summary>
    protected void Send(ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
        Group.Send(this, target, kind, word0, word1, word2, word3);

    /// <summary>Sends with a delay of the sender's choice on a path declared unordered; less than the path's latency is an error.</summary>
    protected void SendAfter(VirtualTime delay, ActorAddress target, MessageKind kind, ulong word0 = 0, ulong word1 = 0) =>
        Group.SendAfter(this, delay, target, kind, word0, word1);

    /// <summary>Sets a timer; one that is set already is replaced. It comes due as a message to oneself.</summary>
    protected void ArmTimer(int timer, VirtualTime due)
    {
        if (due < Now)
        {
            throw new SimulationException($"{Address} arms timer {timer} for {due}, which is before now ({Now})");
        }

        Group.Queue.ArmTimer(_timerSlots[timer], due, NextSequence);
    }

    /// <summary>When a timer comes due; never where it is not set.</summary>
    protected VirtualTime TimerDue(int timer) => Group.Queue.TimerState(_timerSlots[timer]).Due;

    protected void CancelTimer(int timer) => Group.Queue.CancelTimer(_timerSlots[timer]);

    /// <summary>A message of a kind that this actor does not serve: a mistake of the one who sent it.</summary>
    protected SimulationException Unexpected(in Message message) =>
        new($"{Address} got a message that it does not serve at {Now}: {message}");

    private void SyncTimers(StateSync sync)
    {
        for (var timer = 0; timer < _timerCount; timer++)
        {
            var (due, sequence) = Group.Queue.TimerState(_timerSlots[timer]);
            sync.Begin("timer", timer);
            sync.Row("due", ref due);
            sync.Row("sequence", ref sequence);
            sync.End();
            if (sync.Loading)
            {
                Group.Queue.RestoreTimer(_timerSlots[timer], due >= Now ? due : throw new StateFormatException($"row 'timer[{timer}].due': {due} is before now, {Now}"), sequence);
            }
        }
    }

    private void SyncLastDue(StateSync sync)
    {
        var count = _lastDueByTarget?.Count ?? 0;
        sync.Count("lastDueCount", ref count, ActorAddress.IndexLimit);
        if (sync.Loading)
        {
            _lastDueByTarget = count == 0 ? null : [];
        }

        uint[] targets = sync.Loading || count == 0 ? new uint[count] : [.. _lastDueByTarget!.Keys];
        for (var i = 0; i < count; i++)
        {
            var due = sync.Loading ? 0 : _lastDueByTarget![targets[i]];
            sync.Begin("lastDue", i);
            sync.Row("target", ref targets[i]);
            sync.Row("due", ref due);
            sync.End();
            if (sync.Loading)
            {
                if (due < 0 || (i > 0 && targets[i] <= targets[i - 1]))
                {
                    throw new StateFormatException($"row 'lastDue[{i}]': {due} ps for target {targets[i]} is negative or out of order");
                }

                _lastDueByTarget![targets[i]] = due;
            }
        }
    }
}
