using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages;

namespace Trapline.Cluster.Clients;

/// <summary>A run as it is handed to a cluster.</summary>
public sealed record ClusterRunRequest
{
    /// <summary>Its variants are those to run.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>What the command line said differently from the scenario's file.</summary>
    public required ScenarioOverrides Overrides { get; init; }

    /// <summary>Run each variant for its smoke length.</summary>
    public bool Smoke { get; init; }

    /// <summary>Watch over invariants.</summary>
    public bool Invariants { get; init; } = true;

    /// <summary>Window length inside a node; null for the longest.</summary>
    public VirtualTime? Window { get; init; }

    /// <summary>How the groups of each variant are placed; null for the scenario's way, and where it has none variants are placed as a whole.</summary>
    public PlacementPolicy? Placement { get; init; }

    /// <summary>Nodes that a split variant has at most; null for all.</summary>
    public int? Nodes { get; init; }

    /// <summary>Seeds to run each variant with; empty for the scenario's own.</summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [];

    /// <summary>A journal to repeat; null for none.</summary>
    public string? Journal { get; init; }

    /// <summary>Wall time between two checkpoints; zero for none.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);
}
