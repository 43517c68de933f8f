namespace Trapline.Cluster.Coordination;

/// <summary>The coordination could not do what was asked. The message is for people.</summary>
public sealed class CoordinationException : Exception
{
    public CoordinationException(CoordinationFailure failure, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
    }

    public CoordinationException(string message)
        : this(CoordinationFailure.Unavailable, message)
    {
    }

    public CoordinationException(string message, Exception inner)
        : this(CoordinationFailure.Unavailable, message, inner)
    {
    }

    public CoordinationException()
        : this("The coordination failed.")
    {
    }

    public CoordinationFailure Failure { get; }
}
