namespace Trapline.Cluster.Fabric;

/// <summary>An exchange between nodes failed. The message is for people: which peer, where in the run, what to do.</summary>
public sealed class FabricException : Exception
{
    public FabricException(FabricFailure failure, string message, Exception? inner = null)
        : base(message, inner)
    {
        Failure = failure;
    }

    public FabricException(string message)
        : this(FabricFailure.Protocol, message)
    {
    }

    public FabricException(string message, Exception inner)
        : this(FabricFailure.Protocol, message, inner)
    {
    }

    public FabricException()
        : this("The exchange between nodes failed.")
    {
    }

    public FabricFailure Failure { get; }

    /// <summary>The peer at which it happened; null where it was at none.</summary>
    public int? Peer { get; init; }

    /// <summary>The peer said that it leaves: neither it nor the link to it is to blame.</summary>
    public bool IsFarewell { get; init; }
}
