using System.Collections.Concurrent;
using Trapline.Machines.Results;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>
/// Hashes and stores what was captured, on a thread of its own, one checkpoint after the other. There is memory for two: one
/// being written and one that waits. The run never waits for the disk where a cut may be left out.
/// </summary>
internal sealed class CheckpointWriter : IDisposable
{
    private const int MostAtOnce = 2;

    private readonly CheckpointRequest _request;
    private readonly BlockingCollection<(StateCapture State, CheckpointOrigin Origin)> _captured = new(MostAtOnce);
    private readonly BlockingCollection<StateCapture> _free = new(MostAtOnce);
    private readonly List<SavedCheckpoint> _saved = [];
    private readonly Thread _thread;
    private CheckpointException? _failure;
    private int _failed;
    private int _leftOut;

    public CheckpointWriter(CheckpointRequest request)
    {
        _request = request;
        for (var i = 0; i < MostAtOnce; i++)
        {
            _free.Add(new StateCapture());
        }

        _thread = new Thread(Work) { IsBackground = true, Name = "checkpoint writer" };
        _thread.Start();
    }

    /// <summary>Memory to capture into; null where all of it is still being written, which counts as a cut left out.</summary>
    /// <param name="wait">Wait for it instead.</param>
    public StateCapture? Rent(bool wait)
    {
        if (wait)
        {
            return _free.Take();
        }

        if (_free.TryTake(out var free))
        {
            return free;
        }

        _leftOut++;
        return null;
    }

    /// <summary>Has a run's state captured once for nothing: memory grows and code is compiled before the run, and not while it stands still.</summary>
    public void Prepare(Action<StateCapture> take)
    {
        var taken = new List<StateCapture>();
        while (_free.TryTake(out var free))
        {
            take(free);
            taken.Add(free);
        }

        taken.ForEach(_free.Add);
    }

    /// <summary>Hands over what was captured; returns at once.</summary>
    public void Write(StateCapture state, CheckpointOrigin origin) => _captured.Add((state, origin));

    /// <summary>Waits for the disk, and tells what became of all cuts.</summary>
    public CheckpointSummary Finish()
    {
        Dispose();
        return new CheckpointSummary
        {
            Store = _request.Store.Place,
            Saved = _saved,
            LeftOut = _leftOut,
            Failed = _failed,
            Problem = _failure?.Message,
        };
    }

    public void Dispose()
    {
        _captured.CompleteAdding();
        _thread.Join();
    }

    private void Work()
    {
        foreach (var (state, origin) in _captured.GetConsumingEnumerable())
        {
            try
            {
                Save(origin.Checkpoint(state), origin.Variant);
            }
            catch (CheckpointException failure)
            {
                // The store may recover; the run is worth more than its checkpoints.
                _failure ??= failure;
                _failed++;
            }

            _free.Add(state);
        }
    }

    private void Save(Checkpoint checkpoint, string variant)
    {
        var id = _request.Store.Save(checkpoint);
        _saved.Add(new SavedCheckpoint(id, variant, (decimal)checkpoint.Header.At.Picoseconds / VirtualTime.PerNanosecond));
        if (_request.Keep is { } keep)
        {
            // Of this run alone: the store is also that of others.
            var own = _request.Store.List().Where(stored => stored.Header.Fingerprint == checkpoint.Header.Fingerprint);
            if (Retention.ToDelete([.. own], keep) is { Count: > 0 } over)
            {
                _request.Store.Delete(over);
                _saved.RemoveAll(saved => over.Contains(saved.Id));
            }
        }
    }
}
