using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The state of a run at a cut, group by group, in memory that is used again for a later cut.</summary>
internal sealed class StateCapture
{
    // Below this waking other threads costs more than they take over.
    private const int WorthSharing = 32;

    private Group[] _groups = [];
    private StateWriter[] _writers = [];

    public VirtualTime At { get; private set; }

    /// <summary>Name and raw rows of each group; valid until the next <see cref="Take"/>.</summary>
    public IEnumerable<(string Name, ReadOnlyMemory<byte> Rows)> Groups => _groups.Zip(_writers, (group, writer) => (group.Name, writer.Written));

    /// <summary>Takes the state of an engine that stands between two windows: all that the run waits for.</summary>
    /// <param name="engine">Nothing due before <paramref name="at"/> may be left in it.</param>
    /// <param name="at">The cut.</param>
    /// <param name="threads">That may share the work.</param>
    public void Take(Engine engine, VirtualTime at, int threads)
    {
        At = at;
        _groups = [.. engine.Groups];
        if (_writers.Length != _groups.Length)
        {
            _writers = [.. _groups.Select(_ => new StateWriter())];
        }

        if (threads == 1 || _groups.Length < WorthSharing)
        {
            for (var i = 0; i < _groups.Length; i++)
            {
                Write(i);
            }
        }
        else
        {
            Parallel.For(0, _groups.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, Write);
        }
    }

    private void Write(int index)
    {
        _writers[index].Clear();
        _groups[index].SyncState(_writers[index]);
    }
}
