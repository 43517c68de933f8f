using Trapline.Machines.Scenarios;
using Trapline.Messages;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>When a run is cut, and where its checkpoints go.</summary>
public sealed record CheckpointRequest
{
    /// <summary>Until the run has ended used by its writing thread alone; whoever opened it closes it.</summary>
    public required ICheckpointStore Store { get; init; }

    /// <summary>Cuts at the multiples of this; null for none. A store that is slower than the run leaves some of them out.</summary>
    public VirtualTime? Every { get; init; }

    /// <summary>Further cuts. For each the run waits until the store has room for it: a person named the time.</summary>
    public IReadOnlyList<VirtualTime> At { get; init; } = [];

    /// <summary>Checkpoints of a variant's run that the store keeps at most, the last ones; null for all.</summary>
    public int? Keep { get; init; }

    /// <summary>What the command line said differently from the scenario's file: whoever restores must say the same.</summary>
    public ScenarioOverrides Overrides { get; init; } = ScenarioOverrides.None;
}
