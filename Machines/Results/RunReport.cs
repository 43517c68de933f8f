using Trapline.Machines.Results.Calibration;

namespace Trapline.Machines.Results;

/// <summary>
/// What a run found: the object that <c>run --json</c> prints and <c>report.json</c> holds. Names stay; new ones may
/// come. All times are virtual nanoseconds but <see cref="WallSeconds"/>.
/// </summary>
public sealed record RunReport
{
    public required string Scenario { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>32 hexadecimal digits: the chain over the variants' digests.</summary>
    public required string Digest { get; init; }

    /// <summary>Sum over the variants.</summary>
    public required decimal VirtualNs { get; init; }

    /// <summary>Sum over the variants; assembling the guest and joining another node are not in it.</summary>
    public required double WallSeconds { get; init; }

    public required long Messages { get; init; }

    public required long Windows { get; init; }

    public required int Threads { get; init; }

    public required int Nodes { get; init; }

    /// <summary>Of the variant that decided it: <c>exit</c>, <c>until</c>, <c>drained</c>, <c>assertion</c>, <c>violation</c>, <c>interrupted</c>, <c>error</c>.</summary>
    public required string EndReason { get; init; }

    public required IReadOnlyList<VariantReport> Variants { get; init; }

    /// <summary>How the costs stand to published figures; null where the profile has none or no variant went through what they are of.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>Null for a run that began at 0.</summary>
    public RestoredFrom? RestoredFrom { get; init; }

    /// <summary>Null for a run that was not to be cut.</summary>
    public CheckpointSummary? Checkpoints { get; init; }

    /// <summary>Things that a user would want to know before believing the rest.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
