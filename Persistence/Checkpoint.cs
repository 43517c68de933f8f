namespace Trapline.Persistence;

/// <summary>A cut of a run between two windows: wholly there or not at all.</summary>
/// <param name="Header">What it is of.</param>
/// <param name="Parts">In the order in which they were written; names are unique.</param>
public sealed record Checkpoint(CheckpointHeader Header, IReadOnlyList<CheckpointPart> Parts);
