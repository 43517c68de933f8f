using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>
/// The next due time of each local group, with the least of every block of them: a window finds its groups without
/// looking at all of them.
/// </summary>
internal sealed class GroupSchedule
{
    private const int BlockShift = 5;
    private const int BlockSize = 1 << BlockShift;

    private readonly long[] _due;
    private readonly long[] _least;

    public GroupSchedule(int groups)
    {
        _due = new long[groups];
        _least = new long[(groups + BlockSize - 1) >> BlockShift];
        Array.Fill(_due, long.MaxValue);
        Array.Fill(_least, long.MaxValue);
    }

    public VirtualTime Least
    {
        get
        {
            var least = long.MaxValue;
            foreach (var ofBlock in _least)
            {
                least = Math.Min(least, ofBlock);
            }

            return new VirtualTime(least);
        }
    }

    /// <summary>Writes the groups with something due before <paramref name="end"/>, ascending, and returns how many.</summary>
    public int Collect(VirtualTime end, int[] active)
    {
        var count = 0;
        for (var block = 0; block < _least.Length; block++)
        {
            if (_least[block] >= end.Picoseconds)
            {
                continue;
            }

            var last = Math.Min(_due.Length, (block + 1) << BlockShift);
            for (var group = block << BlockShift; group < last; group++)
            {
                if (_due[group] < end.Picoseconds)
                {
                    active[count++] = group;
                }
            }
        }

        return count;
    }

    /// <summary>The group's next due time is now this, later or earlier.</summary>
    public void Set(int group, VirtualTime due)
    {
        _due[group] = due.Picoseconds;
        var block = group >> BlockShift;
        var least = long.MaxValue;
        foreach (var one in _due.AsSpan(block << BlockShift, Math.Min(BlockSize, _due.Length - (block << BlockShift))))
        {
            least = Math.Min(least, one);
        }

        _least[block] = least;
    }

    /// <summary>Something came that is due then.</summary>
    public void Lower(int group, VirtualTime due)
    {
        if (due.Picoseconds < _due[group])
        {
            _due[group] = due.Picoseconds;
            ref var least = ref _least[group >> BlockShift];
            least = Math.Min(least, due.Picoseconds);
        }
    }
}
