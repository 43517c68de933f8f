namespace Trapline.Cluster.Fabric.WebSockets;

internal sealed class RefusalCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<Refusal>().Length];

    internal void Count(Refusal reason) => Interlocked.Increment(ref _counts[(int)reason]);

    internal FabricRefusals Snapshot() => new(
        Of(Refusal.NotAPeer),
        Of(Refusal.NoKey),
        Of(Refusal.OldAttempt),
        Of(Refusal.NotExpected),
        Of(Refusal.TooManyWaiting),
        Of(Refusal.NoPlace),
        Of(Refusal.TooManyConnections),
        Of(Refusal.NoRequest),
        Of(Refusal.TooSlow),
        Of(Refusal.BadFrame));

    private long Of(Refusal reason) => Volatile.Read(ref _counts[(int)reason]);
}
