using System.Numerics;
using System.Runtime.CompilerServices;

namespace Trapline.Actors.Kernel;

/// <summary>
/// A tournament over the due times of numbered slots, in nodes of eight: a node is a cache line and one vector, so that its
/// least entry is found without a branch to mispredict. Slots stay where they are; those at rest are due never.
/// </summary>
/// <remarks>
/// The root's node comes first; the children of the entry at p are the node that starts at 8 (p + 1); the slots' own entries
/// come last. Upper levels are whole, the last one as long as it has to be.
/// </remarks>
internal struct DueTree
{
    public const int FanOut = DueNode.Size;
    public const long Never = long.MaxValue;

    private long[] _entries;
    private int _leaves;

    public DueTree()
    {
        _entries = new long[FanOut];
        Array.Fill(_entries, Never);
        Least = Never;
    }

    /// <summary>The least due time of all slots; <see cref="Never"/> where all are at rest.</summary>
    public long Least { get; private set; }

    /// <summary>Number of slots, a multiple of <see cref="FanOut"/>.</summary>
    public readonly int Capacity => _entries.Length - _leaves;

    private readonly int NextLevel => FanOut * (_leaves + 1);

    public readonly long this[int slot] => _entries[_leaves + slot];

    /// <summary>Gives a slot a due time no later than the one it has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lower(int slot, long due)
    {
        var entries = _entries;
        var place = _leaves + slot;
        entries[place] = due;
        while (place >= FanOut)
        {
            place = ParentOf(place);
            if (entries[place] <= due)
            {
                return;
            }

            entries[place] = due;
        }

        Least = Math.Min(Least, due);
    }

    /// <summary>Gives a slot any due time.</summary>
    public void Set(int slot, long due)
    {
        var entries = _entries;
        var place = _leaves + slot;
        while (true)
        {
            // The changed entry is put in by a select: to load what was stored just now in another width would stall.
            var node = DueNode.Load(entries, place & -FanOut);
            entries[place] = due;
            due = node.With(place & (FanOut - 1), due).Least;
            if (place < FanOut)
            {
                Least = due;
                return;
            }

            place = ParentOf(place);
            if (entries[place] == due)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Puts the slot that is due first to rest and returns it; -1, and nothing is changed, where several are due first, see
    /// <see cref="AddFirst(List{int})"/>. Something must be due.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int TakeFirst()
    {
        var entries = _entries;
        var root = DueNode.Load(entries, 0);
        var first = root.At(Least);
        var place = Only(first);
        if (place < 0)
        {
            return -1;
        }

        if (_leaves == 0)
        {
            entries[place] = Never;
            Least = root.Without(first).Least;
            return place;
        }

        return _leaves == FanOut ? TakeFirstOfTwoLevels(place) : TakeFirstBelow(place);
    }

    /// <summary>Asks for the lines that the next <see cref="TakeFirst"/> will read, of small trees all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch() => Kernel.Prefetch.Object(in _entries, lines: 5);

    /// <summary>One of the slots that are due first.</summary>
    public readonly int PeekFirst()
    {
        var place = -1;
        do
        {
            var node = FanOut * (place + 1);
            place = node + BitOperations.TrailingZeroCount(DueNode.Load(_entries, node).At(Least).Bits);
        }
        while (place < _leaves);

        return place - _leaves;
    }

    private int TakeFirstOfTwoLevels(int parent)
    {
        var entries = _entries;
        var root = DueNode.Load(entries, 0);
        var node = FanOut * (parent + 1);
        var leaves = DueNode.Load(entries, node);
        var first = leaves.At(Least);
        var place = Only(first);
        if (place < 0)
        {
            return -1;
        }

        var rest = leaves.Without(first).Least;
        entries[node + place] = Never;
        entries[parent] = rest;
        Least = root.With(parent, rest).Least;
        return node + place - FanOut;
    }

    private int TakeFirstBelow(int place)
    {
        while (place < _leaves)
        {
            var node = FanOut * (place + 1);
            var inNode = Only(DueNode.Load(_entries, node).At(Least));
            if (inNode < 0)
            {
                return -1;
            }

            place = node + inNode;
        }

        Set(place - _leaves, Never);
        return place - _leaves;
    }

    /// <summary>Adds all slots that are due first, in order of slot.</summary>
    public readonly void AddFirst(List<int> slots) => AddFirst(slots, node: 0);

    /// <summary>More slots, by half or more; the new ones are at rest.</summary>
    public void Grow()
    {
        var old = this;
        var capacity = (Capacity + Math.Max(FanOut, Capacity / 2)) & -FanOut;
        while (capacity > NextLevel - _leaves)
        {
            _leaves = NextLevel;
        }

        _entries = new long[_leaves + capacity];
        Array.Fill(_entries, Never);
        old._entries.AsSpan(old._leaves).CopyTo(_entries.AsSpan(_leaves));
        for (var node = _entries.Length - FanOut; node >= FanOut; node -= FanOut)
        {
            _entries[ParentOf(node)] = DueNode.Load(_entries, node).Least;
        }
    }

    private readonly void AddFirst(List<int> slots, int node)
    {
        for (var equal = DueNode.Load(_entries, node).At(Least).Bits; equal != 0; equal &= equal - 1)
        {
            var place = node + BitOperations.TrailingZeroCount(equal);
            if (place >= _leaves)
            {
                slots.Add(place - _leaves);
            }
            else
            {
                AddFirst(slots, FanOut * (place + 1));
            }
        }
    }

    /// <summary>The one place that is meant; -1 where there are several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Only(DueNode meant)
    {
        var bits = meant.Bits;
        return (bits & (bits - 1)) == 0 ? BitOperations.TrailingZeroCount(bits) : -1;
    }

    private static int ParentOf(int place) => (place >> 3) - 1;
}
