using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    public const int FanOut = 8;
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
            var node = NodeAt(entries, place & -FanOut);
            var changed = Vector512.Equals(Vector512.Create((long)(place & (FanOut - 1))), Vector512<long>.Indices);
            entries[place] = due;
            due = LeastOf(Vector512.ConditionalSelect(changed, Vector512.Create(due), node));
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
        var root = NodeAt(entries, 0);
        var equal = Vector512.Equals(root, Vector512.Create(Least));
        var place = Only(equal);
        if (place < 0)
        {
            return -1;
        }

        if (_leaves == 0)
        {
            entries[place] = Never;
            Least = LeastOf(Vector512.ConditionalSelect(equal, Vector512.Create(Never), root));
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
        var least = Vector512.Create(Least);
        var place = -1;
        do
        {
            var node = FanOut * (place + 1);
            place = node + BitOperations.TrailingZeroCount((uint)Vector512.Equals(NodeAt(_entries, node), least).ExtractMostSignificantBits());
        }
        while (place < _leaves);

        return place - _leaves;
    }

    private int TakeFirstOfTwoLevels(int parent)
    {
        var entries = _entries;
        var root = NodeAt(entries, 0);
        var first = FanOut * (parent + 1);
        var node = NodeAt(entries, first);
        var equal = Vector512.Equals(node, Vector512.Create(Least));
        var place = Only(equal);
        if (place < 0)
        {
            return -1;
        }

        var rest = LeastOf(Vector512.ConditionalSelect(equal, Vector512.Create(Never), node));
        entries[first + place] = Never;
        entries[parent] = rest;
        var changed = Vector512.Equals(root, Vector512.Create(Least));
        Least = LeastOf(Vector512.ConditionalSelect(changed, Vector512.Create(rest), root));
        return first + place - FanOut;
    }

    private int TakeFirstBelow(int place)
    {
        while (place < _leaves)
        {
            var node = FanOut * (place + 1);
            var inNode = Only(Vector512.Equals(NodeAt(_entries, node), Vector512.Create(Least)));
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
            _entries[ParentOf(node)] = LeastOf(NodeAt(_entries, node));
        }
    }

    private readonly void AddFirst(List<int> slots, int node)
    {
        var equal = Vector512.Equals(NodeAt(_entries, node), Vector512.Create(Least)).ExtractMostSignificantBits();
        for (; equal != 0; equal &= equal - 1)
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

    /// <summary>The one entry that is meant; -1 where there are several.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Only(Vector512<long> entries)
    {
        var bits = (uint)entries.ExtractMostSignificantBits();
        return (bits & (bits - 1)) == 0 ? BitOperations.TrailingZeroCount(bits) : -1;
    }

    private static int ParentOf(int place) => (place >> 3) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> NodeAt(long[] entries, int place) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(entries), (nuint)place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long LeastOf(Vector512<long> node)
    {
        var four = Vector256.Min(node.GetLower(), node.GetUpper());
        var two = Vector128.Min(four.GetLower(), four.GetUpper());
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1L, 0))).ToScalar();
    }
}
