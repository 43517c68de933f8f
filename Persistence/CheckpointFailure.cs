namespace Trapline.Persistence;

/// <summary>Whose fault it is that a checkpoint cannot be used.</summary>
public enum CheckpointFailure
{
    /// <summary>What was given is no checkpoint, an altered one, one of another version, or one that does not exist: exit code 2.</summary>
    Input,

    /// <summary>The store is locked, full, read-only or gone: exit code 3.</summary>
    Environment,
}
