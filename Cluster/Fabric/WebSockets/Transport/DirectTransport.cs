using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Trapline.Cluster.Fabric.WebSockets.Transport;

/// <summary>
/// Kestrel's way to sockets, instead of its own: that reads in blocks of 4 KiB, hands each from one loop to another, and never lets go of the
/// socket. Here a link gets it, see <see cref="DirectConnection"/>.
/// </summary>
internal sealed class DirectTransport : IConnectionListenerFactory
{
    private const int Backlog = 512;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? socket = null;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return new(new DirectListener(socket));
        }
        catch (SocketException fault)
        {
            socket?.Dispose();
            throw fault.SocketErrorCode == SocketError.AddressAlreadyInUse ? new AddressInUseException(fault.Message, fault) : fault;
        }
    }
}
