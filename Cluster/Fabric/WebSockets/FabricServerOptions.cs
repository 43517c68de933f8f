namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Where and how a node listens for its whole life.</summary>
public sealed record FabricServerOptions
{
    /// <summary>The address, http or https, by number; with port 0 any free one is chosen.</summary>
    public required Uri Listen { get; init; }

    public FabricSecurity Security { get; init; } = FabricSecurity.None;

    /// <summary>Answers <c>/health/live</c>: is this process worth keeping. Called from any thread, must not block.</summary>
    public Func<HealthAnswer> Live { get; init; } = () => new(true, "live");

    /// <summary>Answers <c>/health/ready</c>: can it take part in sessions now. Called from any thread, must not block.</summary>
    public Func<HealthAnswer> Ready { get; init; } = () => new(true, "ready");

    public FabricServerLimits Limits { get; init; } = FabricServerLimits.Default;
}
