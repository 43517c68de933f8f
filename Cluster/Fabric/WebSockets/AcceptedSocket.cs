using System.Net.WebSockets;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>A connection and what to call, once, when its link is over.</summary>
internal sealed record AcceptedSocket(WebSocket Socket, Action Closed);
