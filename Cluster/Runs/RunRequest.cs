using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>One run of this process alone: the scenario and how to carry it out.</summary>
public sealed record RunRequest
{
    public required Scenario Scenario { get; init; }

    /// <summary>That run groups.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Run each variant for its smoke length.</summary>
    public bool Smoke { get; init; }

    /// <summary>Window length in (0, L]; null for the longest.</summary>
    public VirtualTime? Window { get; init; }

    /// <summary>Watch over invariants; the first violation ends its variant.</summary>
    public bool Invariants { get; init; } = true;

    /// <summary>Get what happens, variant after variant; empty for none. Finished when the run has ended, however it did.</summary>
    public IReadOnlyList<ITraceSink> Traces { get; init; } = [];

    /// <summary>Where what a person does is written before it takes effect; null for nowhere.</summary>
    public string? JournalToWrite { get; init; }

    /// <summary>A journal to repeat; null for none.</summary>
    public string? JournalToRepeat { get; init; }

    /// <summary>When the run is cut; null for no checkpoints.</summary>
    public CheckpointRequest? Checkpoints { get; init; }

    /// <summary>Where the run goes on; null where it begins. Scenario, <see cref="Smoke"/> and <see cref="Invariants"/> must be its own.</summary>
    public RestoredRun? Restored { get; init; }
}
