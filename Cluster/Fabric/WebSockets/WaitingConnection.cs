using System.Net;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>A connection whose session nobody expects yet.</summary>
internal sealed record WaitingConnection(FabricSession Session, IPAddress From)
{
    internal TaskCompletionSource<FabricListener> Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
