namespace Trapline.Persistence;

/// <summary>
/// Keeps checkpoints: the seam where another engine comes in. Every implementation passes the same contract tests.
/// A call that fails has changed nothing, also when the process is killed in the middle of it. To be used from one thread at a time.
/// </summary>
/// <exception cref="CheckpointException">Of every call.</exception>
public interface ICheckpointStore : IDisposable
{
    /// <summary>For people: file or database, without secrets.</summary>
    string Place { get; }

    /// <summary>Writes a checkpoint wholly, or not at all. One that is there already stays as it is.</summary>
    /// <returns>Its id.</returns>
    string Save(Checkpoint checkpoint);

    /// <summary>All of them, the oldest first.</summary>
    IReadOnlyList<StoredCheckpoint> List();

    /// <summary>Reads one and checks every part against its SHA-256.</summary>
    /// <param name="id">The whole id, or a beginning of it that fits one checkpoint alone.</param>
    Checkpoint Load(string id);

    /// <summary>Removes checkpoints, all or none.</summary>
    /// <returns>How many there were.</returns>
    int Delete(IReadOnlyCollection<string> ids);
}
