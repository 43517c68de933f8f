using System.Runtime.CompilerServices;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// The SPIs and LPIs that a CPU interface holds, with the most urgent pending one of each group at hand: an acknowledge among a hundred
/// neither sorts nor allocates. Who changes one through a reference calls <see cref="Changed"/> before he asks anything else.
/// </summary>
internal sealed partial class HeldInterrupts
{
    /// <summary>Every SPI and every LPI at once.</summary>
    public const int Limit = InterruptIds.FirstSpecial - InterruptIds.FirstSpi + InterruptIds.LpiCount;

    private const int FirstCapacity = 16;
    private const int None = -1;

    // Where an interrupt is among the entries; never gone through.
    private readonly Dictionary<int, int> _slots = [];
    private HeldInterrupt[] _entries = new HeldInterrupt[FirstCapacity];
    private int _count;

    public int Count => _count;

    /// <summary>Whether an interrupt may be held at all.</summary>
    public static bool IsHoldable(int interruptId) => InterruptIds.IsSpi(interruptId) || InterruptIds.IsLpi(interruptId);

    /// <summary>The entry of an interrupt, or a null reference. Valid until one is added or removed.</summary>
    public ref HeldInterrupt Find(int interruptId)
    {
        if (_slots.TryGetValue(interruptId, out var slot))
        {
            return ref _entries[slot];
        }

        return ref Unsafe.NullRef<HeldInterrupt>();
    }

    /// <summary>A new entry, to be filled by the caller. It must not be there yet.</summary>
    public ref HeldInterrupt Add(int interruptId)
    {
        _slots.Add(interruptId, _count);
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        ref var entry = ref _entries[_count++];
        entry = new HeldInterrupt { InterruptId = (ushort)interruptId, Position = HeldInterrupt.NotQueued };
        return ref entry;
    }

    /// <summary>Puts an entry to where it belongs in the order of arbitration.</summary>
    public void Changed(ref HeldInterrupt entry) => Requeue(SlotOf(ref entry));

    public void Remove(int interruptId)
    {
        if (!_slots.Remove(interruptId, out var slot))
        {
            throw new InvalidOperationException($"interrupt {interruptId} is not held");
        }

        Leave(slot);
        var last = --_count;
        if (slot != last)
        {
            ref var moved = ref _entries[slot];
            moved = _entries[last];
            _slots[moved.InterruptId] = slot;
            Moved(slot);
        }
    }

    /// <summary>The most urgent of the given groups that is pending and not active.</summary>
    public PendingInterrupt Best(uint groups)
    {
        var best = PendingInterrupt.None;
        for (var group = 0; group < Groups; group++)
        {
            if ((groups >> group & 1) != 0 && First(group) is var slot and not None)
            {
                var candidate = _entries[slot].AsPending;
                best = !best.Exists || candidate.IsBefore(in best) ? candidate : best;
            }
        }

        return best;
    }

    /// <summary>All entries in the order of INTIDs.</summary>
    public HeldInterrupt[] Sorted()
    {
        var sorted = _entries.AsSpan(0, _count).ToArray();
        Array.Sort(sorted, (one, other) => one.InterruptId.CompareTo(other.InterruptId));
        return sorted;
    }

    public void SyncState(StateSync sync)
    {
        var count = _count;
        sync.Count("held", ref count, Limit);
        var sorted = sync.Loading ? [] : Sorted();
        if (sync.Loading)
        {
            Clear();
        }

        var previous = 0;
        for (var i = 0; i < count; i++)
        {
            var entry = sync.Loading ? default : sorted[i];
            sync.Begin("held", i);
            entry.SyncState(sync);
            sync.End();
            if (sync.Loading)
            {
                CheckLoaded(in entry, previous);
                previous = entry.InterruptId;
                ref var added = ref Add(entry.InterruptId);
                entry.Position = HeldInterrupt.NotQueued;
                added = entry;
                Changed(ref added);
            }
        }
    }

    private static void CheckLoaded(in HeldInterrupt entry, int previous)
    {
        var isPossible = IsHoldable(entry.InterruptId) && entry.InterruptId > previous && (entry.IsPending || entry.Active)
            && !(entry.IsLpi && (entry.Active || entry.IsLevelTriggered || entry.Line || !entry.IsGroup1));
        if (!isPossible)
        {
            throw new StateFormatException(
                $"row 'held': interrupt {entry.InterruptId} after {previous}, latched {entry.Latched}, line {entry.Line}, active {entry.Active} is no interrupt that a CPU interface can hold");
        }
    }

    private void Clear()
    {
        _slots.Clear();
        _count = 0;
        ClearQueues();
    }

    private int SlotOf(ref HeldInterrupt entry) =>
        (int)(Unsafe.ByteOffset(ref _entries[0], ref entry) / Unsafe.SizeOf<HeldInterrupt>());
}
