using System.Numerics;
using System.Runtime.CompilerServices;
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
        var blocks = Math.Max(1, (groups + BlockSize - 1) >> BlockShift);
        _due = new long[blocks * BlockSize];
        _least = new long[(blocks + DueNode.Size - 1) & -DueNode.Size];
        Array.Fill(_due, long.MaxValue);
        Array.Fill(_least, long.MaxValue);
    }

    public VirtualTime Least
    {
        get
        {
            var least = DueNode.Load(_least, 0);
            for (var i = DueNode.Size; i < _least.Length; i += DueNode.Size)
            {
                least = DueNode.Min(least, DueNode.Load(_least, i));
            }

            return new VirtualTime(least.Least);
        }
    }

    /// <summary>Writes the groups with something due before <paramref name="end"/>, ascending, and returns how many.</summary>
    public int Collect(VirtualTime end, int[] active)
    {
        var count = 0;
        for (var i = 0; i < _least.Length; i += DueNode.Size)
        {
            for (var blocks = DueNode.Load(_least, i).Before(end.Picoseconds).Bits; blocks != 0; blocks &= blocks - 1)
            {
                var first = (i + BitOperations.TrailingZeroCount(blocks)) << BlockShift;
                for (var groups = Before(first, end.Picoseconds); groups != 0; groups &= groups - 1)
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
    private uint Before(int first, long time) =>
        DueNode.Load(_due, first).Before(time).Bits
        | (DueNode.Load(_due, first + 8).Before(time).Bits << 8)
        | (DueNode.Load(_due, first + 16).Before(time).Bits << 16)
        | (DueNode.Load(_due, first + 24).Before(time).Bits << 24);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long LeastOfBlock(int first) => DueNode.Min(
        DueNode.Min(DueNode.Load(_due, first), DueNode.Load(_due, first + 8)),
        DueNode.Min(DueNode.Load(_due, first + 16), DueNode.Load(_due, first + 24))).Least;
}
