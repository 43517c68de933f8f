using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Statistics;

/// <summary>
/// Who wanted a lock, who waited and for how long, and how the queue before it grew and shrank. Counted where the lock is
/// asked for, granted and given back.
/// </summary>
public sealed class LockStatistics
{
    /// <summary>Intervals of the queue's history; when they are full each two become one.</summary>
    public const int Intervals = 256;

    private readonly long[] _greatest = new long[Intervals];
    private long _interval = VirtualTime.PerNanosecond;
    private int _used;
    private long _queue;
    private long _acquisitions;
    private long _waited;
    private long _waitTotal;
    private long _waitGreatest;
    private long _greatestQueue;

    public long Acquisitions => _acquisitions;

    /// <summary>Acquisitions that did not come at once.</summary>
    public long Waited => _waited;

    public VirtualTime WaitTotal => new(_waitTotal);

    public VirtualTime WaitGreatest => new(_waitGreatest);

    /// <summary>Most that waited at one time, the holder not counted.</summary>
    public long GreatestQueue => _greatestQueue;

    /// <summary>Length of one interval of <see cref="History"/>.</summary>
    public VirtualTime Interval => new(_interval);

    /// <summary>The most that waited at one time in each interval, from virtual time 0.</summary>
    public ReadOnlySpan<long> History => _greatest.AsSpan(0, _used);

    /// <summary>Somebody finds the lock taken.</summary>
    public void Enqueued(VirtualTime now)
    {
        var place = IntervalOf(now);
        _queue++;
        _greatestQueue = Math.Max(_greatestQueue, _queue);
        _greatest[place] = Math.Max(_greatest[place], _queue);
    }

    /// <summary>The first of the queue leaves it.</summary>
    public void Dequeued(VirtualTime now)
    {
        // The interval that it leaves in has seen it wait; those since it came have too.
        _ = IntervalOf(now);
        _queue--;
    }

    /// <param name="wait">Since it was asked for.</param>
    public void Acquired(VirtualTime wait)
    {
        _acquisitions++;
        _waited += wait > VirtualTime.Zero ? 1 : 0;
        _waitTotal += wait.Picoseconds;
        _waitGreatest = Math.Max(_waitGreatest, wait.Picoseconds);
    }

    /// <summary>
    /// Of the same VM's lock on another host. They are two locks, and the VM is at one of them at a time: of the queues the longer one counts.
    /// </summary>
    public void Merge(LockStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _acquisitions += other._acquisitions;
        _waited += other._waited;
        _waitTotal += other._waitTotal;
        _waitGreatest = Math.Max(_waitGreatest, other._waitGreatest);
        _greatestQueue = Math.Max(_greatestQueue, other._greatestQueue);
        while (_interval < other._interval)
        {
            Halve();
        }

        // Intervals double from the same first one, so that of the longer holds a whole number of the shorter.
        var shorter = _interval / other._interval;
        for (var i = 0; i < other._used; i++)
        {
            var place = (int)(i / shorter);
            _greatest[place] = Math.Max(_greatest[place], other._greatest[i]);
            _used = Math.Max(_used, place + 1);
        }
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("acquisitions", ref _acquisitions);
        sync.Row("waited", ref _waited);
        sync.Row("waitTotal", ref _waitTotal);
        sync.Row("waitGreatest", ref _waitGreatest);
        sync.Row("queue", ref _queue);
        sync.Row("greatestQueue", ref _greatestQueue);
        sync.Row("interval", ref _interval);
        sync.Count("used", ref _used, Intervals);
        sync.Row("history", _greatest);
        if (sync.Loading && _interval <= 0)
        {
            throw new StateFormatException($"row interval of a lock is {_interval} ps; it must be positive");
        }
    }

    /// <summary>The interval of a time, with those before it filled: who waited then goes on waiting until something happens.</summary>
    private int IntervalOf(VirtualTime now)
    {
        while (now.Picoseconds / _interval >= Intervals)
        {
            Halve();
        }

        var place = (int)(now.Picoseconds / _interval);
        for (; _used <= place; _used++)
        {
            _greatest[_used] = _queue;
        }

        return place;
    }

    private void Halve()
    {
        _interval *= 2;
        for (var i = 0; i < Intervals / 2; i++)
        {
            _greatest[i] = Math.Max(_greatest[2 * i], _greatest[(2 * i) + 1]);
        }

        _greatest.AsSpan(Intervals / 2).Clear();
        _used = (_used + 1) / 2;
    }
}
