using System.Diagnostics;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Hands frames from the receiving loop to the simulation thread, by number. The waiting thread looks for as long as a
/// peer on the same machine usually takes, giving its core to whoever has work, and then blocks.
/// </summary>
internal sealed class FrameArrival
{
    /// <summary>
    /// A core that has gone idle must be woken, which in a virtual machine takes an exit of its own: some tens of
    /// microseconds, as long as the rest of a window. Yielding keeps it awake, and still lets the receiving thread run on it. Long enough for a frame
    /// of 256 KiB to come.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(300);

    private readonly object _changed = new();
    private readonly long[] _arrivedAt = new long[2];
    private long _received;
    private Exception? _failure;

    /// <summary>The number of the last frame that arrived.</summary>
    internal long Received => Volatile.Read(ref _received);

    /// <summary>When that frame, the last or the one before, arrived, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    internal long ArrivedAt(long sequence) => _arrivedAt[sequence & 1];

    internal Exception? Failure => Volatile.Read(ref _failure);

    internal void Publish(long sequence)
    {
        lock (_changed)
        {
            _arrivedAt[sequence & 1] = Stopwatch.GetTimestamp();
            Volatile.Write(ref _received, sequence);
            Monitor.Pulse(_changed);
        }
    }

    /// <summary>Nothing more will arrive. The first failure stays.</summary>
    internal void Fail(Exception failure)
    {
        lock (_changed)
        {
            _failure ??= failure;
            Monitor.Pulse(_changed);
        }
    }

    /// <summary>A frame that arrived before the failure still counts as arrived.</summary>
    internal ArrivalOutcome Await(long sequence, TimeSpan timeout)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Received < sequence && Failure is null && Stopwatch.GetElapsedTime(begun) < Patience)
        {
            Thread.Yield();
        }

        if (Received >= sequence)
        {
            return ArrivalOutcome.Arrived;
        }

        var start = Stopwatch.GetTimestamp();
        lock (_changed)
        {
            while (_received < sequence)
            {
                if (_failure is not null)
                {
                    return ArrivalOutcome.Failed;
                }

                var left = timeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return ArrivalOutcome.TimedOut;
                }

                Monitor.Wait(_changed, left);
            }

            return ArrivalOutcome.Arrived;
        }
    }
}
