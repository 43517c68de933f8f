using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>What went on between a guest's marks <c>NAME.begin</c> and <c>NAME.end</c> on one vCPU, over all times that it did.</summary>
public sealed class LedgerSection(string name)
{
    private readonly long[] _counts = new long[CostKinds.Count];
    private readonly long[] _times = new long[CostKinds.Count];

    // The whole ledger as it was at the last begin.
    private readonly long[] _countsBefore = new long[CostKinds.Count];
    private readonly long[] _timesBefore = new long[CostKinds.Count];
    private bool _open;
    private VirtualTime _begun;
    private long _passes;
    private ulong _operations;
    private long _elapsed;

    public string Name { get; } = name;

    /// <summary>How often it was gone through whole.</summary>
    public long Passes => _passes;

    /// <summary>Sum of the values of its end marks: how many operations the guest says it did.</summary>
    public ulong Operations => _operations;

    /// <summary>ps, over all passes: the sum of <see cref="Times"/>.</summary>
    public long Elapsed => _elapsed;

    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>ps.</summary>
    public ReadOnlySpan<long> Times => _times;

    /// <summary>A section that is begun again before its end starts anew: it was not gone through.</summary>
    internal void Begin(VirtualTime now, long[] counts, long[] times)
    {
        _open = true;
        _begun = now;
        counts.CopyTo(_countsBefore, 0);
        times.CopyTo(_timesBefore, 0);
    }

    /// <summary>An end without a begin is none.</summary>
    internal void End(VirtualTime now, ulong operations, long[] counts, long[] times)
    {
        if (!_open)
        {
            return;
        }

        _open = false;
        _passes++;
        _operations += operations;
        _elapsed += (now - _begun).Picoseconds;
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += counts[i] - _countsBefore[i];
            _times[i] += times[i] - _timesBefore[i];
        }
    }

    internal void Merge(LedgerSection other)
    {
        _passes += other._passes;
        _operations += other._operations;
        _elapsed += other._elapsed;
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
            _times[i] += other._times[i];
        }
    }

    internal void SyncState(StateSync sync, bool spansHosts)
    {
        sync.Row("open", ref _open);
        sync.Row("begun", ref _begun);
        sync.Row("passes", ref _passes);
        sync.Row("operations", ref _operations);
        sync.Row("elapsed", ref _elapsed);
        CostKinds.Sync(sync, "count", _counts, spansHosts);
        CostKinds.Sync(sync, "time", _times, spansHosts);
        CostKinds.Sync(sync, "countBefore", _countsBefore, spansHosts);
        CostKinds.Sync(sync, "timeBefore", _timesBefore, spansHosts);
    }
}
