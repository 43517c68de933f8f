using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// What is due in one group: messages from other groups and timers, in the order (due, rank, source, sequence). A slab of
/// messages under a tree of their due times: nothing moves while it waits, a timer keeps its slot for good, and ranks are
/// computed only where due times tie.
/// </summary>
public sealed class MessageQueue
{
    private const int NoSlot = -1;

    private readonly ulong _seed;
    private Message[] _slab = new Message[DueTree.FanOut];
    private DueTree _dues = new();

    // Free slots are a list through the sequence numbers of the messages that were there.
    private int _free = NoSlot;
    private int _used;
    private bool[] _armed = [];
    private TiedMessages? _tied;

    public MessageQueue(ulong seed) => _seed = seed;

    public int Count { get; private set; }

    /// <summary>Messages ahead of another one of the same time only by the seed's choice were taken.</summary>
    public bool SeedDecided { get; private set; }

    public VirtualTime NextDue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_dues.Least);
    }

    public void Push(in Message message) => Add(message.Due, message.Source, message.Sequence) = message;

    /// <summary>Room for one more message, which has what is given here; the caller fills in every other field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Message Add(VirtualTime due, ActorAddress source, ulong sequence)
    {
        var slot = TakeSlot();
        ref var message = ref _slab[slot];
        message.Due = due;
        message.Source = source;
        message.Sequence = sequence;
        Count++;
        _dues.Lower(slot, due.Picoseconds);
        if (_tied is not null)
        {
            AddToTied(slot);
        }

        return ref message;
    }

    /// <summary>Takes the first message; something must be due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Pop(out Message message)
    {
        var slot = _tied is null || !_tied.Any ? _dues.TakeFirst() : NoSlot;
        if (slot == NoSlot)
        {
            slot = TakeTied();
        }

        Count--;
        message = _slab[slot];
        if (slot < _armed.Length)
        {
            _armed[slot] = false;
        }
        else
        {
            Release(slot);
        }
    }

    /// <summary>Asks for what finding the first message will need; the queue itself is at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchOrder() => _dues.Prefetch();

    /// <summary>Asks for the first message; the order is at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchFirst() => Prefetch.Element(in _slab, _dues.PeekFirst());

    /// <summary>Asks for the room that the next message to come will be given; the queue itself is at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PrefetchRoom()
    {
        if (_free != NoSlot)
        {
            Prefetch.Element(in _slab, _free);
            _dues.Prefetch();
        }
    }

    /// <summary>A slot for good: the timer's row. Only before the first message.</summary>
    public int AddTimer(ActorAddress owner, int timer)
    {
        if (_used != _armed.Length)
        {
            throw new InvalidOperationException($"{owner} adds timer {timer} to a queue that has had messages");
        }

        var slot = TakeSlot();
        Array.Resize(ref _armed, _used);
        _slab[slot] = new Message
        {
            Due = VirtualTime.Never,
            Source = owner,
            Target = owner,
            Kind = MessageKind.Timer,
            Word0 = (ulong)timer,
        };
        return slot;
    }

    public void ArmTimer(int slot, VirtualTime due, ulong sequence)
    {
        if (_armed[slot])
        {
            _tied?.Remove(slot);
        }
        else
        {
            _armed[slot] = true;
            Count++;
        }

        _slab[slot].Due = due;
        _slab[slot].Sequence = sequence;
        _dues.Set(slot, due.Picoseconds);
        AddToTied(slot);
    }

    public void CancelTimer(int slot)
    {
        if (_armed[slot])
        {
            _armed[slot] = false;
            Remove(slot);
        }
    }

    /// <summary>Due time (Never where it is at rest) and sequence number of a timer.</summary>
    public (VirtualTime Due, ulong Sequence) TimerState(int slot) =>
        _armed[slot] ? (_slab[slot].Due, _slab[slot].Sequence) : (VirtualTime.Never, 0);

    public void RestoreTimer(int slot, VirtualTime due, ulong sequence)
    {
        CancelTimer(slot);
        if (!due.IsNever)
        {
            ArmTimer(slot, due, sequence);
        }
    }

    /// <summary>Rows: the messages on their way to this group, in the order in which they will come; timers are rows of their actors.</summary>
    public void SyncMessages(StateSync sync, int limit)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var slots = MessageSlots();
        Message[] messages = [.. slots.Select(slot => _slab[slot])];
        var count = messages.Length;
        sync.Count("messages", ref count, limit);
        if (sync.Loading)
        {
            slots.ForEach(Drop);
            messages = new Message[count];
        }

        for (var i = 0; i < count; i++)
        {
            sync.Begin("message", i);
            sync.Row("word", MemoryMarshal.Cast<Message, ulong>(messages.AsSpan(i, 1)));
            sync.End();
            if (sync.Loading)
            {
                // A timer is a row of its actor: as a message it could name one that the actor does not have.
                if (messages[i].Kind == MessageKind.Timer || messages[i].Due < VirtualTime.Zero)
                {
                    throw new StateFormatException($"row 'message[{i}]': no message on its way is a timer, or due before the start: {messages[i]}");
                }

                Push(in messages[i]);
            }
        }

        var decided = SeedDecided;
        sync.Row("tieDecided", ref decided);
        SeedDecided = decided;
    }

    /// <summary>All that waits: the messages in the order in which they will come, then the timers that are set.</summary>
    public IEnumerable<Message> Waiting() =>
        [.. MessageSlots().Select(slot => _slab[slot]), .. Enumerable.Range(0, _armed.Length).Where(slot => _armed[slot]).Select(slot => _slab[slot])];

    private List<int> MessageSlots()
    {
        var waits = new bool[_used];
        waits.AsSpan(_armed.Length).Fill(true);
        for (var slot = _free; slot != NoSlot; slot = (int)_slab[slot].Sequence)
        {
            waits[slot] = false;
        }

        return [.. Enumerable.Range(0, _used).Where(slot => waits[slot]).Select(slot => MessageOrder.Of(in _slab[slot], _seed, slot)).Order().Select(order => order.Slot)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Release(int slot)
    {
        _slab[slot].Sequence = (ulong)_free;
        _free = slot;
    }

    private void Drop(int slot)
    {
        Remove(slot);
        Release(slot);
    }

    private void Remove(int slot)
    {
        Count--;
        _dues.Set(slot, DueTree.Never);
        _tied?.Remove(slot);
    }

    private int TakeTied()
    {
        _tied ??= new TiedMessages();
        if (!_tied.Any)
        {
            _tied.Fill(_dues, _slab, _seed);
        }

        var slot = _tied.Take(out var chosen);
        SeedDecided |= chosen;
        _dues.Set(slot, DueTree.Never);
        return slot;
    }

    /// <summary>What came while those of one time are being taken may be one of them, or precede them.</summary>
    private void AddToTied(int slot)
    {
        if (_tied is null || !_tied.Any || _dues[slot] > _tied.Due)
        {
            return;
        }

        if (_dues[slot] < _tied.Due)
        {
            _tied.Clear();
            return;
        }

        _tied.Add(MessageOrder.Of(in _slab[slot], _seed, slot));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakeSlot()
    {
        if (_free == NoSlot)
        {
            return NewSlot();
        }

        var slot = _free;
        _free = (int)_slab[slot].Sequence;
        return slot;
    }

    private int NewSlot()
    {
        if (_used == _slab.Length)
        {
            _dues.Grow();
            Array.Resize(ref _slab, _dues.Capacity);
        }

        return _used++;
    }
}
