namespace Trapline.Persistence;

/// <summary>
/// Checkpoints that several processes write together: each stages its own parts, and one commits the whole. Until then there is no
/// checkpoint, and what was staged is kept from being cleaned away by others. The stores of <see cref="CheckpointStores"/> are these too.
/// </summary>
/// <exception cref="CheckpointException">Of every call.</exception>
public interface IStagedCheckpoints
{
    /// <summary>Stores parts of a checkpoint to come, all or none; parts of the same name and stage take the place of older ones.</summary>
    /// <param name="stage">Names the checkpoint to come among all that use the store; at most <see cref="CheckpointLimits.NameLength"/> characters.</param>
    /// <param name="parts">Some of its parts.</param>
    void Stage(string stage, IReadOnlyList<CheckpointPart> parts);

    /// <summary>What was staged, checked by reading it back against its SHA-256; in the order of names.</summary>
    IReadOnlyList<StoredPart> Staged(string stage);

    /// <summary>Makes the checkpoint out of what was staged, and ends the stage; one that is there already stays as it is.</summary>
    /// <param name="stage">As staged.</param>
    /// <param name="header">Of the checkpoint.</param>
    /// <param name="names">All its parts, in their order.</param>
    /// <returns>Its id: the same that one process would give it.</returns>
    /// <exception cref="CheckpointException">A part is missing.</exception>
    string Commit(string stage, CheckpointHeader header, IReadOnlyList<string> names);

    /// <summary>Gives up all stages whose names begin so.</summary>
    void Discard(string prefix);
}
