namespace Trapline.Persistence;

/// <summary>A checkpoint or store that cannot be used; the message says which part, at which offset, and what to do.</summary>
public sealed class CheckpointException : Exception
{
    /// <param name="failure">Whose fault it is, which decides the exit code.</param>
    /// <param name="message">For people.</param>
    /// <param name="inner">What was behind it.</param>
    public CheckpointException(CheckpointFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    public CheckpointException()
    {
    }

    public CheckpointException(string message)
        : base(message)
    {
    }

    public CheckpointException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public CheckpointFailure Failure { get; }
}
