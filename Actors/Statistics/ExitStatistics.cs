using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>Exits of one vCPU by reason: how many, and how long the guest did not run.</summary>
public sealed class ExitStatistics
{
    private Row[] _rows = [];

    /// <summary>Counts one exit; <paramref name="span"/> reaches from the instruction's start to the guest's next one.</summary>
    public void Add(int reason, VirtualTime span)
    {
        if (reason >= _rows.Length)
        {
            Grow(reason + 1);
        }

        _rows[reason].Add(span.Picoseconds);
    }

    public IEnumerable<(int Reason, Row Row)> Rows()
    {
        for (var reason = 0; reason < _rows.Length; reason++)
        {
            if (_rows[reason].Count > 0)
            {
                yield return (reason, _rows[reason]);
            }
        }
    }

    public void Merge(ExitStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (var (reason, row) in other.Rows())
        {
            Grow(reason + 1);
            _rows[reason].Merge(row);
        }
    }

    /// <summary>Rows are written with their names: a later version may number them otherwise.</summary>
    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        var used = Rows().OrderBy(row => ExitReasons.NameOf(row.Reason), StringComparer.Ordinal).ToArray();
        var count = used.Length;
        sync.Count("exits", ref count, ExitReasons.Count);
        if (sync.Loading)
        {
            _rows = [];
        }

        for (var i = 0; i < count; i++)
        {
            var name = sync.Loading ? "" : ExitReasons.NameOf(used[i].Reason);
            sync.Begin("exit", i);
            sync.Text("reason", ref name, 64);
            var row = sync.Loading ? default : used[i].Row;
            sync.Row("count", ref row.Count);
            sync.Row("total", ref row.Total);
            sync.Row("least", ref row.Least);
            sync.Row("greatest", ref row.Greatest);
            sync.End();
            if (sync.Loading)
            {
                var reason = ExitReasons.Find(name);
                Grow(reason + 1);
                if (row.Count <= 0 || _rows[reason].Count != 0)
                {
                    throw new StateFormatException($"row 'exit[{i}]': '{name}' comes twice, or {row.Count} times");
                }

                _rows[reason] = row;
            }
        }
    }

    private void Grow(int length)
    {
        if (length > _rows.Length)
        {
            Array.Resize(ref _rows, length);
        }
    }

    /// <summary>Count and times, ps.</summary>
    public struct Row
    {
        public long Count;
        public long Total;
        public long Least;
        public long Greatest;

        public void Add(long span)
        {
            Least = Count == 0 ? span : Math.Min(Least, span);
            Greatest = Math.Max(Greatest, span);
            Total += span;
            Count++;
        }

        public void Merge(in Row other)
        {
            if (other.Count == 0)
            {
                return;
            }

            Least = Count == 0 ? other.Least : Math.Min(Least, other.Least);
            Greatest = Math.Max(Greatest, other.Greatest);
            Total += other.Total;
            Count += other.Count;
        }
    }
}
