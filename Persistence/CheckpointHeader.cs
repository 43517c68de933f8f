using Trapline.Messages;

namespace Trapline.Persistence;

/// <summary>What a checkpoint is of; for people, and to find out whether it fits.</summary>
public sealed record CheckpointHeader
{
    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Name of the variant.</summary>
    public required string Variant { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The cut: everything due before it was handled, nothing else.</summary>
    public required VirtualTime At { get; init; }

    /// <summary>Digest over all that decides what the run finds: two checkpoints with the same one are of the same run.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Digest over all state at the cut.</summary>
    public required string Digest { get; init; }

    /// <summary>Version of the program that wrote it.</summary>
    public required string Program { get; init; }
}
