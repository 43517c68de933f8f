namespace Trapline.Machines.Results;

/// <summary>What became of a run's cuts. Not the same from run to run: which are left out depends on the disk.</summary>
public sealed record CheckpointSummary
{
    /// <summary>File or database.</summary>
    public required string Store { get; init; }

    /// <summary>Those that the store said were saved, in that order.</summary>
    public required IReadOnlyList<SavedCheckpoint> Saved { get; init; }

    /// <summary>Cuts at which two earlier checkpoints were still being written.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Cuts that the store refused.</summary>
    public required int Failed { get; init; }

    /// <summary>Why it refused the first of them; null if it refused none.</summary>
    public required string? Problem { get; init; }
}
