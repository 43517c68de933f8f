using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// What one vCPU's time went on, from its start: of each kind how often and how long. The times add up to the time that
/// passed. A guest marks sections of its program with <c>mark NAME.begin</c> and <c>mark NAME.end</c>; each has a ledger of its own.
/// Saved state, and so part of the digest: a restored run reports as if it had never stopped.
/// </summary>
public sealed class CostLedger
{
    public const string BeginSuffix = ".begin";
    public const string EndSuffix = ".end";

    private readonly long[] _counts = new long[CostKinds.Count];
    private readonly long[] _times = new long[CostKinds.Count];
    private readonly LedgerSection[] _sections;

    // Of each mark the section that it opens, 1 and up, or closes, -1 and down; 0 for any other.
    private readonly int[] _effects;

    /// <param name="marks">Names of the guest's marks.</param>
    public CostLedger(IReadOnlyList<string> marks)
    {
        ArgumentNullException.ThrowIfNull(marks);
        _effects = new int[marks.Count];
        var sections = new List<LedgerSection>();
        for (var mark = 0; mark < marks.Count; mark++)
        {
            if (marks[mark].EndsWith(BeginSuffix, StringComparison.Ordinal))
            {
                var name = marks[mark][..^BeginSuffix.Length];
                var end = IndexOf(marks, name + EndSuffix);
                if (end >= 0)
                {
                    sections.Add(new LedgerSection(name));
                    (_effects[mark], _effects[end]) = (sections.Count, -sections.Count);
                }
            }
        }

        _sections = [.. sections];
    }

    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>ps.</summary>
    public ReadOnlySpan<long> Times => _times;

    public IReadOnlyList<LedgerSection> Sections => _sections;

    public void Add(CostKind kind, long count, VirtualTime time) => Add(kind, count, time.Picoseconds);

    /// <summary>The time may be negative where a cost is taken off another that contains it.</summary>
    public void Add(CostKind kind, long count, long picoseconds)
    {
        _counts[(int)kind] += count;
        _times[(int)kind] += picoseconds;
    }

    /// <summary>A guest's mark was reached, all time before it booked.</summary>
    /// <param name="mark">Index of its name.</param>
    /// <param name="now">When.</param>
    /// <param name="value">Its operand: of an end, how many operations the section had.</param>
    public void Mark(int mark, VirtualTime now, ulong value)
    {
        var effect = _effects[mark];
        if (effect > 0)
        {
            _sections[effect - 1].Begin(now, _counts, _times);
        }
        else if (effect < 0)
        {
            _sections[-effect - 1].End(now, value, _counts, _times);
        }
    }

    /// <summary>Of the same vCPU on another host, with the same program.</summary>
    public void Merge(CostLedger other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var kind = 0; kind < _counts.Length; kind++)
        {
            _counts[kind] += other._counts[kind];
            _times[kind] += other._times[kind];
        }

        for (var i = 0; i < _sections.Length; i++)
        {
            _sections[i].Merge(other._sections[i]);
        }
    }

    /// <param name="sync">The pass.</param>
    /// <param name="spansHosts">There are rows of <see cref="CostKind.InterHostTravel"/>.</param>
    public void SyncState(StateSync sync, bool spansHosts)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Begin("ledger");
        CostKinds.Sync(sync, "count", _counts, spansHosts);
        CostKinds.Sync(sync, "time", _times, spansHosts);
        for (var i = 0; i < _sections.Length; i++)
        {
            sync.Begin("section", i);
            _sections[i].SyncState(sync, spansHosts);
            sync.End();
        }

        sync.End();
    }

    private static int IndexOf(IReadOnlyList<string> marks, string name)
    {
        for (var i = 0; i < marks.Count; i++)
        {
            if (marks[i] == name)
            {
                return i;
            }
        }

        return -1;
    }
}
