namespace Trapline.Actors.Kernel;

/// <summary>
/// Which thread delivers to which local group, and runs it if it has the time: neighbouring groups, so that a thread finds them
/// in its own cache, and whole blocks of the schedule, so that no two threads write one.
/// </summary>
internal sealed class GroupOwners
{
    public const int MaximumThreads = 64;

    // First block of each thread, and the number of blocks behind them.
    private readonly int[] _firstBlock;

    public GroupOwners(Placement placement, int node, int groups, int threads)
    {
        if (threads is < 1 or > MaximumThreads)
        {
            throw new SimulationException($"{threads} threads are outside 1..{MaximumThreads}");
        }

        Threads = threads;
        OfGroup = new byte[groups];
        _firstBlock = new int[threads + 1];
        var local = Enumerable.Range(0, groups).Count(group => placement.NodeOf(group) == node);
        var (before, next) = (0, 1);
        for (var group = 0; group < groups; group++)
        {
            // As many groups for each, but that a thread begins where a block begins.
            if (group % GroupSchedule.BlockSize == 0)
            {
                for (; next < threads && before >= (long)local * next / threads; next++)
                {
                    _firstBlock[next] = group / GroupSchedule.BlockSize;
                }
            }

            var here = placement.NodeOf(group) == node;
            OfGroup[group] = (byte)(here ? next - 1 : Elsewhere);
            before += here ? 1 : 0;
        }

        _firstBlock.AsSpan(next).Fill((groups + GroupSchedule.BlockSize - 1) / GroupSchedule.BlockSize);
    }

    public int Threads { get; }

    /// <summary>The owner of all groups of other nodes.</summary>
    public int Elsewhere => Threads;

    /// <summary>By group; <see cref="Elsewhere"/> for those of other nodes.</summary>
    public byte[] OfGroup { get; }

    /// <summary>A thread's blocks of the schedule, the last one not included.</summary>
    public (int First, int Last) BlocksOf(int thread) => (_firstBlock[thread], _firstBlock[thread + 1]);

    /// <summary>The first group behind a thread's own.</summary>
    public int EndOf(int thread) => _firstBlock[thread + 1] * GroupSchedule.BlockSize;
}
