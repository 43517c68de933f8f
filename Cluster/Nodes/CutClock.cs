using System.Diagnostics;

namespace Trapline.Cluster.Nodes;

/// <summary>When the lead of an attempt wants the next cut: by wall time, since a checkpoint costs wall time and never changes what a run finds.</summary>
internal sealed class CutClock(TimeSpan interval, TimeSpan pauseAfter)
{
    /// <summary>What checkpoints may cost of the run's time, in percent.</summary>
    private const int MostPercent = 5;

    private readonly Lock _lock = new();
    private long _lastCut = Stopwatch.GetTimestamp();
    private long _lastDurable = Stopwatch.GetTimestamp();
    private TimeSpan _cost;
    private int _wanted;
    private int _pending;

    /// <summary>Since when nothing has become durable that should have; null while all is as it should be.</summary>
    public TimeSpan? NotDurable
    {
        get
        {
            lock (_lock)
            {
                var since = Stopwatch.GetElapsedTime(_lastDurable);
                return interval > TimeSpan.Zero && since > (2 * Interval) + TimeSpan.FromSeconds(5) ? since : null;
            }
        }
    }

    /// <summary>Whether the next checkpoint has been missing for longer than a run may go on without.</summary>
    public bool WantsPause
    {
        get
        {
            lock (_lock)
            {
                return interval > TimeSpan.Zero && Stopwatch.GetElapsedTime(_lastDurable) > (2 * Interval) + pauseAfter;
            }
        }
    }

    public bool WantsCut
    {
        get
        {
            lock (_lock)
            {
                var elapsed = Stopwatch.GetElapsedTime(_lastCut);
                // One at a time; one that has come to nothing is given up after another interval.
                return _wanted > 0 || (interval > TimeSpan.Zero && elapsed >= Interval && (_pending == 0 || elapsed >= 2 * Interval));
            }
        }
    }

    /// <summary>Longer than asked for where cuts cost more than their share.</summary>
    private TimeSpan Interval => interval > 100 / MostPercent * _cost ? interval : 100 / MostPercent * _cost;

    /// <summary>Cuts at the next window, whatever the time.</summary>
    public void Want()
    {
        lock (_lock)
        {
            _wanted++;
        }
    }

    /// <param name="number">Of the cut.</param>
    /// <param name="halt">How long the run stood still for it.</param>
    public void WasCut(int number, TimeSpan halt)
    {
        lock (_lock)
        {
            (_lastCut, _pending, _cost, _wanted) = (Stopwatch.GetTimestamp(), number, halt, 0);
        }
    }

    /// <summary>That cut is a checkpoint now; writing it has taken so long.</summary>
    public void IsDurable(int number, TimeSpan written)
    {
        lock (_lock)
        {
            if (number == _pending)
            {
                (_pending, _lastDurable, _cost) = (0, _lastCut, _cost + written);
            }
        }
    }
}
