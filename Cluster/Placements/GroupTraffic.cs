namespace Trapline.Cluster.Placements;

/// <summary>What was measured of the groups of a plan: how much each did, and how much each pair said to one another.</summary>
public sealed class GroupTraffic(int groups)
{
    private readonly long[] _load = new long[groups];
    private readonly SortedDictionary<(int Low, int High), long> _between = [];

    public int Groups => groups;

    /// <summary>Work that a group did: any unit, the same for all.</summary>
    public void AddLoad(int group, long work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(work);
        _load[group] += work;
    }

    /// <summary>Messages from one group to another; which way does not matter.</summary>
    public void AddMessages(int from, int to, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)from, (uint)groups, nameof(from));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)to, (uint)groups, nameof(to));
        if (from != to)
        {
            var pair = (Math.Min(from, to), Math.Max(from, to));
            _between[pair] = _between.GetValueOrDefault(pair) + count;
        }
    }

    /// <summary>A group that was idle weighs as much as one unit: it has to be somewhere, too.</summary>
    public long Load(int group) => Math.Max(1, _load[group]);

    /// <summary>Pairs that said anything, in order of index.</summary>
    public IEnumerable<(int Low, int High, long Messages)> Pairs() => _between.Select(pair => (pair.Key.Low, pair.Key.High, pair.Value));
}
