namespace Trapline.Cluster.Runs;

/// <summary>A run that could not be carried out; the message is for the user.</summary>
public sealed class RunException : Exception
{
    public RunException(RunFailure failure, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
    }

    public RunException()
        : this(RunFailure.Environment, "the run failed")
    {
    }

    public RunException(string message)
        : this(RunFailure.Environment, message)
    {
    }

    public RunException(string message, Exception inner)
        : this(RunFailure.Environment, message, inner)
    {
    }

    public RunFailure Failure { get; }
}
