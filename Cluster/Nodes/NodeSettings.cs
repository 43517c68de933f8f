namespace Trapline.Cluster.Nodes;

/// <summary>How a node behaves. All nodes of a cluster should have the same lease.</summary>
public sealed record NodeSettings
{
    /// <summary>Letters, digits, '-', '_' and '.'; unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>Where what the node must not forget is kept: the highest epochs that it has seen.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where other nodes reach it, if that is not where it listens: behind a proxy, or the name of a service. Null where it is.</summary>
    public Uri? Advertise { get; init; }

    /// <summary>Threads that run groups.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>A node or holder that says nothing for so long may be replaced.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A frame that is waited for so long while its sender says that it has sent it: then the link is cut.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>A run that is not safe on disk for so long stands still until it is.</summary>
    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <exception cref="ArgumentException">A value is out of its range; the message says which, and what it may be.</exception>
    public void Validate()
    {
        Check(Threads is >= 1 and <= 64, "--threads", Threads, "1 to 64");
        Check(Lease >= TimeSpan.FromMilliseconds(500) && Lease <= TimeSpan.FromMinutes(10), "--lease", Lease, "500 ms to 10 min");
        Check(Stall >= TimeSpan.FromMilliseconds(500) && Stall <= TimeSpan.FromMinutes(10), "--stall", Stall, "500 ms to 10 min");
        Check(PauseAfter >= TimeSpan.FromSeconds(1) && PauseAfter <= TimeSpan.FromDays(30), "--pause-after", PauseAfter, "1 s to 30 days");
    }

    private static void Check(bool holds, string option, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} is {value}; it may be {range}");
        }
    }
}
