using Trapline.Cluster.Coordination;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>What all that goes on in a node shares.</summary>
internal sealed record NodeContext
{
    public required NodeSettings Settings { get; init; }

    public required ICoordination Coordination { get; init; }

    /// <summary>Opens the store of checkpoints; each user opens its own, for one is used by one thread.</summary>
    public required Func<ICheckpointStore> OpenStore { get; init; }

    public required FabricServer Server { get; init; }

    /// <summary>What protects its links.</summary>
    public required FabricSecurity Security { get; init; }

    public required FabricLimits Limits { get; init; }

    /// <summary>What decides results, in this process.</summary>
    public required string Build { get; init; }

    /// <summary>Told of each state of a run that this node made itself: it must not forget it either.</summary>
    public Action<RunRow> Made { get; init; } = _ => { };

    /// <summary>Has the node look at once: something in it has changed.</summary>
    public Action Nudge { get; init; } = static () => { };

    /// <summary>A line for whoever watches over the node.</summary>
    public required Action<string> Log { get; init; }
}
