using System.Text.Json;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Messages;

namespace Trapline.Cluster.Plans;

/// <summary>All that a node needs to take part in a run: its files, and how it was asked for. What never changes of a run.</summary>
internal sealed record RunSpecification
{
    public required InputsPart Inputs { get; init; }

    /// <summary>Variants to run, by name, in their order.</summary>
    public required IReadOnlyList<string> Variants { get; init; }

    /// <summary>Seeds to run each variant with; several make a study.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>As the command line had it, picoseconds; null where the scenario's own holds.</summary>
    public long? UntilPs { get; init; }

    /// <summary>Those of the command line, as text.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    public bool Smoke { get; init; }

    public bool Invariants { get; init; } = true;

    /// <summary>Window length inside a node, picoseconds; null for the longest.</summary>
    public long? WindowPs { get; init; }

    /// <summary>How groups are placed; null where whole variants are, each on one node.</summary>
    public PlacementOrder? Placement { get; init; }

    /// <summary>Seconds of wall time between two checkpoints; 0 for none.</summary>
    public double CheckpointSeconds { get; init; } = DefaultCheckpointSeconds;

    public const double DefaultCheckpointSeconds = 30;

    /// <summary>What a journal says that is to be done, by variants.</summary>
    public IReadOnlyList<JournalEntry> Acts { get; init; } = [];

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Options);

    /// <exception cref="JsonException">It is none of this version.</exception>
    public static RunSpecification Decode(byte[] bytes) => JsonSerializer.Deserialize<RunSpecification>(bytes, JournalJson.Options) ?? throw new JsonException("there is nothing in it");

    /// <summary>What the command line said differently from the scenario's file.</summary>
    public ScenarioOverrides OverridesOf(ulong seed) => new()
    {
        Seed = seed,
        Until = UntilPs is { } until ? new VirtualTime(until) : null,
        Faults = [.. Faults.Select(text => FaultText.Parse(text, out var problem) ?? throw new JsonException($"the fault '{text}': {problem}"))],
    };
}
