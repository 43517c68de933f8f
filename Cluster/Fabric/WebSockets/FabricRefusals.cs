namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>How often a node refused a connection since it listens, by reason: a snapshot.</summary>
/// <param name="NotAPeer">The request was for no path of a node, no WebSocket, or a browser's.</param>
/// <param name="NoKey">The proof of the cluster key failed, or only one side has a key.</param>
/// <param name="OldAttempt">It was for an attempt older than one known here, or one that is over.</param>
/// <param name="NotExpected">Nobody here expected its session within <see cref="FabricServerLimits.WaitTimeout"/>.</param>
/// <param name="TooManyWaiting">As many connections as allowed wait for sessions already.</param>
/// <param name="NoPlace">Its session has all its peers.</param>
/// <param name="TooManyConnections">All connections that are allowed are there already, or all without a session from its address.</param>
/// <param name="NoRequest">It ended, or its time did, before it had made a whole request: it said nothing, too slowly, or no TLS.</param>
/// <param name="TooSlow">It did not finish the proof of the key in time.</param>
/// <param name="BadFrame">Its session had it, but its hello, or a later frame, could not be taken.</param>
public sealed record FabricRefusals(
    long NotAPeer,
    long NoKey,
    long OldAttempt,
    long NotExpected,
    long TooManyWaiting,
    long NoPlace,
    long TooManyConnections,
    long NoRequest,
    long TooSlow,
    long BadFrame);
