using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Messages;

namespace Trapline.Cluster.Attempts;

/// <summary>One attempt at a job, as one of its nodes is to carry it out. All nodes of the attempt have the same, but for their threads.</summary>
internal sealed record AttemptSettings
{
    /// <summary>The variant, with the seed of the job.</summary>
    public required VariantPlan Plan { get; init; }

    public required bool Smoke { get; init; }

    public required bool Invariants { get; init; }

    /// <summary>Window length in (0, L] inside a node; null for the longest.</summary>
    public VirtualTime? Window { get; init; }

    /// <summary>Of this node.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>From the plan and the number of nodes to where each group begins.</summary>
    public required Func<SimulationPlan, int, Placement> Placement { get; init; }

    /// <summary>Whether messages between groups are counted, which costs a little; else only load is known to whoever rebalances.</summary>
    public bool MeasuresTraffic { get; init; }

    /// <summary>Where the attempt begins; null for the beginning of the run.</summary>
    public RestoredRun? Restored { get; init; }

    /// <summary>What people have done to the job so far, in the order of time: done again where it lies behind the beginning.</summary>
    public IReadOnlyList<JournalEntry> Acts { get; init; } = [];
}
