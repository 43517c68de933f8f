using System.Diagnostics;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric;

/// <summary>Where the simulation thread waits, readable from another thread.</summary>
internal sealed class WaitPoint
{
    private readonly Lock _changing = new();
    private Step _step;
    private long _sequence;

    /// <summary>When the present wait began, by <see cref="Stopwatch.GetTimestamp"/>; for the waiting thread itself.</summary>
    internal long Since { get; private set; }

    internal void Begin(long sequence, Step step)
    {
        lock (_changing)
        {
            _sequence = sequence;
            _step = step;
            Since = Stopwatch.GetTimestamp();
        }
    }

    internal void End()
    {
        lock (_changing)
        {
            _sequence = 0;
        }
    }

    /// <summary>Null if nothing is waited for.</summary>
    /// <param name="missing">The peers whose frame of that number is not there.</param>
    internal LinkWait? Snapshot(Func<long, IReadOnlyList<int>> missing)
    {
        long sequence;
        Step step;
        TimeSpan elapsed;
        lock (_changing)
        {
            (sequence, step, elapsed) = (_sequence, _step, Stopwatch.GetElapsedTime(Since));
        }

        var peers = sequence > 0 ? missing(sequence) : [];
        return peers.Count > 0
            ? new LinkWait(sequence, step.Kind == FrameKind.Window ? step.Window : null, step.ToString(), elapsed, peers)
            : null;
    }
}
