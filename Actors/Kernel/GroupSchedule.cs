using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// The next due time of each local group, with the least of every block of them: a window finds its groups without
/// looking at all of them. Threads may work on different blocks at the same time.
/// </summary>
internal sealed class GroupSchedule
{
    public const int BlockSize = 32;
    private const int BlockShift = 5;

    // Both filled up to whole vectors with what is never due.
    private readonly long[] _due;
    private readonly long[] _least;

    public GroupSchedule(int groups)
    {
        var blocks = (groups + BlockSize - 1) >> BlockShift;
        _due = new long[blocks * BlockSize];
        _least = new long[(blocks + Vector512<long>.Count - 1) & -Vector512<long>.Count];
        Array.Fill(_due, long.MaxValue);
        Array.Fill(_least, long.MaxValue);
    }

    public VirtualTime Least
    {
        get
        {
            var least = Vector512.Create(long.MaxValue);
            for (var i = 0; i < _least.Length; i += Vector512<long>.Count)
            {
                least = Vector512.Min(least, At(_least, i));
            }

            return new VirtualTime(LeastOf(least));
        }
    }

    /// <summary>Writes the groups with something due before <paramref name="end"/>, ascending, and returns how many.</summary>
    public int Collect(VirtualTime end, int[] active)
    {
        var count = 0;
        var limit = Vector512.Create(end.Picoseconds);
        for (var i = 0; i < _least.Length; i += Vector512<long>.Count)
        {
            var blocks = Vector512.LessThan(At(_least, i), limit).ExtractMostSignificantBits();
            for (; blocks != 0; blocks &= blocks - 1)
            {
                var first = (i + BitOperations.TrailingZeroCount(blocks)) << BlockShift;
                for (var groups = Before(first, limit); groups != 0; groups &= groups - 1)
                {
                    active[count++] = first + BitOperations.TrailingZeroCount(groups);
                }
            }
        }

        return count;
    }

    /// <summary>The group's next due time is now this, later or earlier; until <see cref="Refresh"/> its block does not know it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int group, VirtualTime due) => _due[group] = due.Picoseconds;

    /// <summary>Finds the least of those blocks from <paramref name="firstBlock"/> on whose groups may have run to <paramref name="end"/>.</summary>
    public void Refresh(int firstBlock, int lastBlock, VirtualTime end)
    {
        for (var block = firstBlock; block < lastBlock; block++)
        {
            if (_least[block] < end.Picoseconds)
            {
                _least[block] = LeastOfBlock(block << BlockShift);
            }
        }
    }

    /// <summary>The group's next due time is now this, later or earlier.</summary>
    public void Set(int group, VirtualTime due)
    {
        _due[group] = due.Picoseconds;
        _least[group >> BlockShift] = LeastOfBlock(group & -BlockSize);
    }

    /// <summary>Something came that is due then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lower(int group, VirtualTime due)
    {
        if (due.Picoseconds < _due[group])
        {
            _due[group] = due.Picoseconds;
            ref var least = ref _least[group >> BlockShift];
            least = Math.Min(least, due.Picoseconds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Before(int first, Vector512<long> limit)
    {
        var groups = 0UL;
        for (var i = 0; i < BlockSize; i += Vector512<long>.Count)
        {
            groups |= Vector512.LessThan(At(_due, first + i), limit).ExtractMostSignificantBits() << i;
        }

        return (uint)groups;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long LeastOfBlock(int first) => LeastOf(Vector512.Min(
        Vector512.Min(At(_due, first), At(_due, first + 8)),
        Vector512.Min(At(_due, first + 16), At(_due, first + 24))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> At(long[] times, int index) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(times), (nuint)index);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long LeastOf(Vector512<long> times)
    {
        var four = Vector256.Min(times.GetLower(), times.GetUpper());
        var two = Vector128.Min(four.GetLower(), four.GetUpper());
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1L, 0))).ToScalar();
    }
}
