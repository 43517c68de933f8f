using Trapline.Messages;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The times at which a run is cut.</summary>
internal sealed class CheckpointSchedule(VirtualTime? every, IEnumerable<VirtualTime> at)
{
    private readonly Queue<VirtualTime> _at = new(at.Distinct().Order());

    /// <summary>The next cut; never, where there is none.</summary>
    /// <param name="nextDue">When the next thing happens. Multiples before it are left out: nothing would be new at them.</param>
    /// <param name="from">Where the run is; named times before it are over.</param>
    /// <param name="named">Whether a person named this time.</param>
    public VirtualTime Next(VirtualTime nextDue, VirtualTime from, out bool named)
    {
        while (_at.TryPeek(out var over) && over <= from)
        {
            _at.Dequeue();
        }

        var multiple = every is { } length && !nextDue.IsNever ? MultipleAfter(nextDue, length) : VirtualTime.Never;
        named = _at.TryPeek(out var time) && time <= multiple;
        return named ? time : multiple;
    }

    private static VirtualTime MultipleAfter(VirtualTime time, VirtualTime length)
    {
        var multiple = ((Int128)(time.Picoseconds / length.Picoseconds) + 1) * length.Picoseconds;
        return multiple >= VirtualTime.Never.Picoseconds ? VirtualTime.Never : new VirtualTime((long)multiple);
    }
}
