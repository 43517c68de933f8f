using System.Numerics;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Counts spans of time in buckets whose width is 1/256 of their value or less: integers only, so that merging the
/// parts of several nodes in any order gives the same percentiles. A row of buckets exists once it is used.
/// </summary>
public sealed class LatencyHistogram
{
    // 256 buckets per power of two, from 2^8 ps on; below, one per picosecond.
    private const int SubBits = 8;
    private const int SubCount = 1 << SubBits;
    private const int RowCount = 64 - SubBits;

    private readonly uint[]?[] _rows = new uint[]?[RowCount];
    private long _count;
    private long _greatest;

    public long Count => _count;

    /// <summary>Exact.</summary>
    public VirtualTime Greatest => new(_greatest);

    public void Add(VirtualTime span)
    {
        if (span < VirtualTime.Zero)
        {
            throw new SimulationException($"what is measured took {span}: it is said to have begun after its end");
        }

        var (row, sub) = BucketOf(span.Picoseconds);
        (_rows[row] ??= new uint[SubCount])[sub]++;
        _count++;
        _greatest = Math.Max(_greatest, span.Picoseconds);
    }

    public void Merge(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var row = 0; row < RowCount; row++)
        {
            if (other._rows[row] is { } theirs)
            {
                var ours = _rows[row] ??= new uint[SubCount];
                for (var sub = 0; sub < SubCount; sub++)
                {
                    ours[sub] += theirs[sub];
                }
            }
        }

        _count += other._count;
        _greatest = Math.Max(_greatest, other._greatest);
    }

    /// <summary>The value below or at which this share of the samples lies: the upper end of its bucket, at most the greatest sample.</summary>
    /// <param name="percent">1 to 100.</param>
    public VirtualTime Percentile(int percent)
    {
        var wanted = ((_count * percent) + 99) / 100;
        for (var row = 0; row < RowCount; row++)
        {
            for (var sub = 0; sub < SubCount && _rows[row] is not null; sub++)
            {
                wanted -= _rows[row]![sub];
                if (wanted <= 0 && _count > 0)
                {
                    return new VirtualTime(Math.Min(UpperEnd(row, sub), _greatest));
                }
            }
        }

        return new VirtualTime(_greatest);
    }

    /// <summary>The buckets that hold samples, in order, each with its upper end, at most the greatest sample.</summary>
    public IEnumerable<(VirtualTime UpperEnd, long Count)> Buckets()
    {
        for (var row = 0; row < RowCount; row++)
        {
            for (var sub = 0; sub < SubCount && _rows[row] is not null; sub++)
            {
                if (_rows[row]![sub] is > 0 and var count)
                {
                    yield return (new VirtualTime(Math.Min(UpperEnd(row, sub), _greatest)), count);
                }
            }
        }
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("count", ref _count);
        sync.Row("greatest", ref _greatest);
        for (var row = 0; row < RowCount; row++)
        {
            var used = _rows[row] is not null;
            sync.Begin("row", row);
            sync.Row("used", ref used);
            if (sync.Loading)
            {
                _rows[row] = used ? new uint[SubCount] : null;
            }

            for (var sub = 0; sub < SubCount && used; sub++)
            {
                sync.Begin("bucket", sub);
                sync.Row("count", ref _rows[row]![sub]);
                sync.End();
            }

            sync.End();
        }

        if (sync.Loading && (_count < 0 || _greatest < 0))
        {
            throw new StateFormatException($"row 'count' or 'greatest': {_count} samples, the greatest of {_greatest} ps: neither can be negative");
        }
    }

    private static (int Row, int Sub) BucketOf(long value)
    {
        // Row 0 holds 0..255 as they are, row r the values of r + 8 bits, without their top bit and lowest r - 1 bits.
        var row = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)value) - SubBits);
        return (row, row == 0 ? (int)value : (int)((value >> (row - 1)) & (SubCount - 1)));
    }

    private static long UpperEnd(int row, int sub)
    {
        if (row == 0)
        {
            return sub;
        }

        var shift = row - 1;
        return (((long)(SubCount | sub)) << shift) | ((1L << shift) - 1);
    }
}
