using Trapline.Actors.Guests;
using Trapline.Actors.Statistics;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>What is counted at one vCPU. Saved state: a restored run reports as if it had never stopped.</summary>
public sealed class VcpuStatistics
{
    /// <summary>Of each vCPU's marks the first are kept, all are counted.</summary>
    public const int MarkLimit = 64;

    /// <summary>Interrupt lines of any architecture's CPU.</summary>
    private const int LineLimit = 16;

    private const int PathLimit = 16;

    private readonly long[] _counters;
    private readonly long[] _markCounts;
    private readonly long[] _taken = new long[LineLimit];
    private readonly List<MarkEntry> _marks = [];
    private readonly LatencyHistogram?[] _latencies = new LatencyHistogram?[PathLimit];
    private InterruptFates _ownFates;
    private InterruptFates _softwareFates;
    private ulong _hostInterruptExits;
    private ulong _idleExits;
    private bool _lost;
    private ulong _lostFrom;
    private ulong _lostAt;

    public VcpuStatistics(GuestProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        _counters = new long[program.Counters.Count];
        _markCounts = new long[program.Marks.Count];
        Ledger = new CostLedger(program.Marks);
    }

    public ExitStatistics Exits { get; } = new();

    /// <summary>What the vCPU's time went on.</summary>
    public CostLedger Ledger { get; }

    /// <summary>Values of the guest's counters, by index of their name.</summary>
    public IReadOnlyList<long> Counters => _counters;

    public IReadOnlyList<long> MarkCounts => _markCounts;

    public IReadOnlyList<MarkEntry> Marks => _marks;

    /// <summary>Interrupts taken, by line.</summary>
    public IReadOnlyList<long> Taken => _taken;

    /// <summary>Raises of the CPU's own timer.</summary>
    public ref InterruptFates OwnFates => ref _ownFates;

    /// <summary>Software interrupts, raised by the guest itself or by a hypercall that names the CPU.</summary>
    public ref InterruptFates SoftwareFates => ref _softwareFates;

    /// <summary>KVM's statistic int_exits: the guest was left because a host interrupt came.</summary>
    public ulong HostInterruptExits => _hostInterruptExits;

    /// <summary>KVM's statistic idle_exits. Unlike the row in <see cref="Exits"/> it has one that is not over yet.</summary>
    public ulong IdleExits => _idleExits;

    /// <summary>Latencies by path class, null where none was measured.</summary>
    public IReadOnlyList<LatencyHistogram?> Latencies => _latencies;

    /// <summary>The vCPU faults for ever at an address without code: where it came from, and where it is. Null if it does not.</summary>
    public (ulong From, ulong At)? Lost => _lost ? (_lostFrom, _lostAt) : null;

    public void NoteLost(ulong from, ulong at)
    {
        if (!_lost)
        {
            (_lost, _lostFrom, _lostAt) = (true, from, at);
        }
    }

    public void HostInterruptExit() => _hostInterruptExits++;

    public void IdleExit() => _idleExits++;

    public void Count(int name, long by) => _counters[name] += by;

    public void Mark(int name, VirtualTime at, ulong value)
    {
        _markCounts[name]++;
        if (_marks.Count < MarkLimit)
        {
            _marks.Add(new MarkEntry(name, at, value));
        }
    }

    public void InterruptTaken(int line) => _taken[line]++;

    public void Latency(int path, VirtualTime span) => (_latencies[path] ??= new LatencyHistogram()).Add(span);

    /// <summary>Of the same vCPU on another host, with the same program. Marks come into the order of time.</summary>
    public void Merge(VcpuStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Add(_counters, other._counters);
        Add(_markCounts, other._markCounts);
        Add(_taken, other._taken);
        _ownFates.Add(in other._ownFates);
        _softwareFates.Add(in other._softwareFates);
        _hostInterruptExits += other._hostInterruptExits;
        _idleExits += other._idleExits;
        Exits.Merge(other.Exits);
        Ledger.Merge(other.Ledger);
        if (other.Lost is var (from, at))
        {
            NoteLost(from, at);
        }

        MarkEntry[] marks = [.. _marks.Concat(other._marks).OrderBy(mark => mark.At).Take(MarkLimit)];
        _marks.Clear();
        _marks.AddRange(marks);
        for (var path = 0; path < PathLimit; path++)
        {
            if (other._latencies[path] is { } histogram)
            {
                (_latencies[path] ??= new LatencyHistogram()).Merge(histogram);
            }
        }
    }

    /// <param name="sync">The pass.</param>
    /// <param name="spansHosts">The machine has several hosts, or what is read may be of one that has.</param>
    public void SyncState(StateSync sync, bool spansHosts)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("counter", _counters);
        sync.Row("markCount", _markCounts);
        sync.Row("taken", _taken);
        sync.Row("lost", ref _lost);
        sync.Row("lostFrom", ref _lostFrom);
        sync.Row("lostAt", ref _lostAt);
        _ownFates.SyncState(sync);
        sync.Begin("software");
        _softwareFates.SyncState(sync);
        sync.End();
        sync.Row("int_exits", ref _hostInterruptExits);
        sync.Row("idle_exits", ref _idleExits);
        Exits.SyncState(sync);
        Ledger.SyncState(sync, spansHosts);
        SyncMarks(sync);
        SyncLatencies(sync);
        if (sync.Loading && _marks.Exists(mark => (uint)mark.Name >= (uint)_markCounts.Length))
        {
            throw new StateFormatException($"row 'mark': one has a name that is none of the guest's {_markCounts.Length}");
        }
    }

    private static void Add(long[] sums, long[] others)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += others[i];
        }
    }

    private void SyncMarks(StateSync sync) => sync.List("marks", "mark", _marks, MarkLimit, static (StateSync rows, ref MarkEntry mark) =>
    {
        var (name, at, value) = mark;
        rows.Row("name", ref name);
        rows.Row("at", ref at);
        rows.Row("value", ref value);
        mark = new MarkEntry(name, at, value);
    });

    private void SyncLatencies(StateSync sync)
    {
        for (var path = 0; path < PathLimit; path++)
        {
            var used = _latencies[path] is not null;
            sync.Begin("latency", path);
            sync.Row("used", ref used);
            if (sync.Loading)
            {
                _latencies[path] = used ? new LatencyHistogram() : null;
            }

            _latencies[path]?.SyncState(sync);
            sync.End();
        }
    }

    /// <summary>One mark: index of its name, time, value.</summary>
    public readonly record struct MarkEntry(int Name, VirtualTime At, ulong Value);
}
