namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>What a node needs to join a run.</summary>
public sealed record WebSocketFabricOptions
{
    /// <summary>This node's number, from 0.</summary>
    public required int Node { get; init; }

    /// <summary>What this node calls itself in its requests, for whoever reads a log or stands between two nodes. Nothing trusts it.</summary>
    public string Name { get; init; } = "node";

    /// <summary>What the links belong to; a listener's is the same. The default is that of a run outside any cluster.</summary>
    public FabricSession Session { get; init; }

    /// <summary>How each node is reached, by number; this node's own entry, and those of higher nodes, which connect here, are not used but must be valid where given.</summary>
    public required IReadOnlyList<Uri?> Peers { get; init; }

    /// <summary>What all nodes must agree on besides their count and build, which are added.</summary>
    public required FabricConfiguration Configuration { get; init; }

    /// <summary>The same key as all peers and this node's own server.</summary>
    public FabricSecurity Security { get; init; } = FabricSecurity.None;

    public FabricLimits Limits { get; init; } = FabricLimits.Default;
}
