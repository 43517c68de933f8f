using Trapline.Actors.Tracing;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>One run as the command line asks for it: the scenario and how to carry it out.</summary>
public sealed record RunRequest
{
    public required Scenario Scenario { get; init; }

    /// <summary>Threads of each node.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Run each variant for its smoke length.</summary>
    public bool Smoke { get; init; }

    /// <summary>Window length in (0, L]; null for the longest.</summary>
    public VirtualTime? Window { get; init; }

    /// <summary>Watch over invariants; the first violation ends its variant.</summary>
    public bool Invariants { get; init; } = true;

    /// <summary>Get what happens on this node, variant after variant; empty for none. Finished when the run has ended, however it did.</summary>
    public IReadOnlyList<ITraceSink> Traces { get; init; } = [];

    /// <summary>1 or 2.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>This process's number, 0 or 1; null where this process starts the other one itself.</summary>
    public int? Node { get; init; }

    /// <summary>Where this node listens, where nodes are started by hand.</summary>
    public Uri? Listen { get; init; }

    /// <summary>Where the other node listens.</summary>
    public Uri? Peer { get; init; }

    /// <summary>Command line that starts the other node, up to and including the scenario; needed where <see cref="Node"/> is null.</summary>
    public IReadOnlyList<string> ChildCommand { get; init; } = [];

    /// <summary>Where what a person does is written before it takes effect; null for nowhere.</summary>
    public string? JournalToWrite { get; init; }

    /// <summary>A journal to repeat; null for none.</summary>
    public string? JournalToRepeat { get; init; }

    /// <summary>When the run is cut; null for no checkpoints. Only where this process is the only node.</summary>
    public CheckpointRequest? Checkpoints { get; init; }

    /// <summary>Where the run goes on; null where it begins. Scenario, <see cref="Smoke"/> and <see cref="Invariants"/> must be its own.</summary>
    public RestoredRun? Restored { get; init; }
}
