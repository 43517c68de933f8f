namespace Trapline.Cluster.Chaos;

/// <summary>Which ways between nodes are cut now. What is on a cut way waits, as TCP has it on a real one, and arrives once it is whole again.</summary>
internal sealed class LinkCuts
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string From, string To)> _cut = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Cut(string from, string to) => Change(() => _cut.Add((from, to)));

    public void Mend(string from, string to) => Change(() => _cut.Remove((from, to)));

    /// <summary>Returns once nothing cuts that way.</summary>
    public async Task PassAsync(string from, string to, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (!_cut.Contains((from, to)))
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void Change(Func<bool> change)
    {
        lock (_lock)
        {
            if (change())
            {
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
