namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Why a connection was not taken; one counter each in <see cref="FabricRefusals"/>.</summary>
internal enum Refusal
{
    NotAPeer,
    NoKey,
    OldAttempt,
    NotExpected,
    TooManyWaiting,
    NoPlace,
    TooManyConnections,
    NoRequest,
    TooSlow,
    BadFrame,
}
