namespace Trapline.Cluster.Nodes;

/// <summary>Has the node look at once for what happened in the node itself: the database tells only of what was written there.</summary>
internal sealed class Nudge : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _given = new();

    /// <summary>Cancelled by the next nudge, or by the last one if nobody has taken it.</summary>
    public CancellationToken Token
    {
        get
        {
            lock (_gate)
            {
                return _given.Token;
            }
        }
    }

    public void Give()
    {
        lock (_gate)
        {
            _given.Cancel();
        }
    }

    /// <summary>Before a look, which sees whatever came until then.</summary>
    public void Take()
    {
        lock (_gate)
        {
            if (_given.IsCancellationRequested)
            {
                _given.Dispose();
                _given = new();
            }
        }
    }

    public void Dispose() => _given.Dispose();
}
