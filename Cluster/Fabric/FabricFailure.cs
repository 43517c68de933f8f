namespace Trapline.Cluster.Fabric;

/// <summary>What kind of thing went wrong between nodes; a program chooses its exit code by it.</summary>
public enum FabricFailure
{
    /// <summary>The peer left, was killed, or the connection broke.</summary>
    PeerLost,

    /// <summary>The peer is connected but did not answer in time.</summary>
    Timeout,

    /// <summary>What came is no frame of this protocol, or one out of turn.</summary>
    Protocol,

    /// <summary>The nodes do not run the same thing: another build, scenario, seed, window, phase.</summary>
    Mismatch,

    /// <summary>This node was asked for what its limits do not allow.</summary>
    LimitReached,

    /// <summary>Wrong use: an address that is not allowed, a node number out of range.</summary>
    Usage,

    /// <summary>The peer listens, but does not take this node: no such session, no place, no proof of the key.</summary>
    Refused,

    /// <summary>This node's own agent ended the session.</summary>
    Aborted,

    /// <summary>The machine does not let it: a port is in use.</summary>
    Environment,
}
