using System.Diagnostics;

namespace Trapline.Cluster.Fabric;

/// <summary>Counts one link. One thread counts what is sent and waited, one what is received; any thread may read.</summary>
internal sealed class LinkMeter
{
    private long _framesSent;
    private long _bytesSent;
    private long _framesReceived;
    private long _bytesReceived;
    private long _waitedTicks;

    internal void CountSent(int bytes)
    {
        Volatile.Write(ref _framesSent, _framesSent + 1);
        Volatile.Write(ref _bytesSent, _bytesSent + bytes);
    }

    internal void CountReceived(int bytes)
    {
        Volatile.Write(ref _framesReceived, _framesReceived + 1);
        Volatile.Write(ref _bytesReceived, _bytesReceived + bytes);
    }

    /// <summary>Times by <see cref="Stopwatch.GetTimestamp"/>. A frame that was there before the wait began cost none.</summary>
    internal void CountWait(long begun, long arrived) =>
        Volatile.Write(ref _waitedTicks, _waitedTicks + Math.Max(0, arrived - begun));

    internal LinkCounters Snapshot(int peer) => new(
        peer,
        Volatile.Read(ref _framesSent),
        Volatile.Read(ref _bytesSent),
        Volatile.Read(ref _framesReceived),
        Volatile.Read(ref _bytesReceived),
        Stopwatch.GetElapsedTime(0, Volatile.Read(ref _waitedTicks)));
}
