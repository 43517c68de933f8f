namespace Trapline.Cluster.Chaos;

/// <summary>
/// Undoes a loss after a time, once, on a thread of its own: whoever did it may be waiting for a database whose lock is held by the very
/// process that stands still.
/// </summary>
internal sealed class Undoing : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private Action? _undo;

    public Undoing(TimeSpan time, Action undo)
    {
        _undo = undo;
        _timer = new Timer(_ => Undo(), null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Undoes it now, if it is not undone yet; returns once it is.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Undo();
    }

    private void Undo()
    {
        lock (_lock)
        {
            _undo?.Invoke();
            _undo = null;
        }
    }
}
