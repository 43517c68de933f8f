using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Kernel;

/// <summary>
/// What is due in one group: messages from other groups and timers, in the order (due, rank, source, sequence). A 4-ary
/// heap of small keys over a slab of messages; each slot knows its place in the heap, so that a timer that is set again
/// moves instead of leaving a stale entry behind.
/// </summary>
public sealed class MessageQueue
{
    private const int NotQueued = -1;

    private readonly ulong _seed;
    private Key[] _heap = new Key[4];
    private int _count;
    private Message[] _slab = new Message[4];

    // Place of each slot in the heap; NotQueued for a timer at rest and for a free slot.
    private int[] _place = new int[4];
    private int[] _free = new int[4];
    private int _freeCount;
    private int _slots;

    public MessageQueue(ulong seed) => _seed = seed;

    public int Count => _count;

    /// <summary>Messages ahead of another one of the same time only by the seed's choice were taken.</summary>
    public bool SeedDecided { get; private set; }

    public VirtualTime NextDue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _count == 0 ? VirtualTime.Never : new VirtualTime(_heap[0].Due);
    }

    public void Push(in Message message)
    {
        var slot = TakeSlot();
        _slab[slot] = message;
        Insert(KeyOf(slot));
    }

    /// <summary>Takes the first message; the queue must not be empty.</summary>
    public void Pop(out Message message)
    {
        var top = _heap[0];
        message = _slab[top.Slot];
        Remove(0);
        if (_count > 0 && _heap[0].Due == top.Due && _heap[0].Rank != top.Rank)
        {
            SeedDecided = true;
        }

        if (message.Kind != MessageKind.Timer)
        {
            _free[_freeCount++] = top.Slot;
        }
    }

    /// <summary>A slot for good: the timer's row.</summary>
    public int AddTimer(ActorAddress owner, int timer)
    {
        var slot = TakeSlot();
        _slab[slot] = new Message
        {
            Due = VirtualTime.Never,
            Source = owner,
            Target = owner,
            Kind = MessageKind.Timer,
            Word0 = (ulong)timer,
        };
        _place[slot] = NotQueued;
        return slot;
    }

    public void ArmTimer(int slot, VirtualTime due, ulong sequence)
    {
        _slab[slot].Due = due;
        _slab[slot].Sequence = sequence;
        var place = _place[slot];
        if (place == NotQueued)
        {
            Insert(KeyOf(slot));
            return;
        }

        var key = KeyOf(slot);
        if (Before(key, _heap[place]))
        {
            SiftUp(place, key);
        }
        else
        {
            SiftDown(place, key);
        }
    }

    public void CancelTimer(int slot)
    {
        if (_place[slot] != NotQueued)
        {
            Remove(_place[slot]);
        }
    }

    /// <summary>Due time (Never where it is at rest) and sequence number of a timer.</summary>
    public (VirtualTime Due, ulong Sequence) TimerState(int slot) =>
        _place[slot] == NotQueued ? (VirtualTime.Never, 0) : (_slab[slot].Due, _slab[slot].Sequence);

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
        var keys = MessageKeys();
        Message[] messages = [.. keys.Select(key => _slab[key.Slot])];
        var count = messages.Length;
        sync.Count("messages", ref count, limit);
        if (sync.Loading)
        {
            keys.ForEach(key => Drop(key.Slot));
            messages = new Message[count];
        }

        for (var i = 0; i < count; i++)
        {
            sync.Begin("message", i);
            sync.Row("word", MemoryMarshal.Cast<Message, ulong>(messages.AsSpan(i, 1)));
            sync.End();
            if (sync.Loading)
            {
                Push(in messages[i]);
            }
        }

        var decided = SeedDecided;
        sync.Row("seedDecided", ref decided);
        SeedDecided = decided;
    }

    private List<Key> MessageKeys()
    {
        var keys = _heap.Take(_count).Where(key => _slab[key.Slot].Kind != MessageKind.Timer).ToList();
        keys.Sort((a, b) => Before(a, b) ? -1 : Before(b, a) ? 1 : 0);
        return keys;
    }

    private void Drop(int slot)
    {
        Remove(_place[slot]);
        _free[_freeCount++] = slot;
    }

    private Key KeyOf(int slot)
    {
        ref var message = ref _slab[slot];
        return new Key(message.Due.Picoseconds, CounterRandom.Rank(_seed, message.Due, message.Source), slot);
    }

    private int TakeSlot()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        if (_slots == _slab.Length)
        {
            var size = _slots * 2;
            Array.Resize(ref _slab, size);
            Array.Resize(ref _place, size);
            Array.Resize(ref _free, size);
            Array.Resize(ref _heap, size);
        }

        return _slots++;
    }

    private void Insert(in Key key) => SiftUp(_count++, key);

    private void SiftUp(int hole, in Key key)
    {
        var heap = _heap;
        while (hole > 0)
        {
            var parent = (hole - 1) >> 2;
            if (!Before(key, heap[parent]))
            {
                break;
            }

            Put(hole, heap[parent]);
            hole = parent;
        }

        Put(hole, key);
    }

    private void SiftDown(int hole, in Key key)
    {
        var heap = _heap;
        for (int first; (first = (hole << 2) + 1) < _count;)
        {
            var least = first;
            var last = Math.Min(first + 4, _count);
            for (var child = first + 1; child < last; child++)
            {
                if (Before(heap[child], heap[least]))
                {
                    least = child;
                }
            }

            if (!Before(heap[least], key))
            {
                break;
            }

            Put(hole, heap[least]);
            hole = least;
        }

        Put(hole, key);
    }

    private void Remove(int place)
    {
        _place[_heap[place].Slot] = NotQueued;
        var moved = _heap[--_count];
        if (place == _count)
        {
            return;
        }

        if (place > 0 && Before(moved, _heap[(place - 1) >> 2]))
        {
            SiftUp(place, moved);
        }
        else
        {
            SiftDown(place, moved);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(int place, in Key key)
    {
        _heap[place] = key;
        _place[key.Slot] = place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Before(in Key a, in Key b) =>
        a.Due != b.Due ? a.Due < b.Due : a.Rank != b.Rank ? a.Rank < b.Rank : BeforeOfEqualRank(a.Slot, b.Slot);

    private bool BeforeOfEqualRank(int a, int b)
    {
        ref var left = ref _slab[a];
        ref var right = ref _slab[b];
        return left.Source != right.Source ? left.Source.Value < right.Source.Value : left.Sequence < right.Sequence;
    }

    private readonly record struct Key(long Due, ulong Rank, int Slot);
}
