using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Connects to a peer that may not have started yet.</summary>
internal static class FabricConnector
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>Tries until somebody listens or the token is cancelled.</summary>
    internal static async Task<AcceptedSocket> ConnectAsync(IPEndPoint endpoint, FabricSession session, int node, int peer, CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new ClientWebSocket();
            var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync });
            try
            {
                socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
                socket.Options.CollectHttpResponseDetails = true;
                await socket.ConnectAsync(NodeUrl.Socket(endpoint, session), invoker, cancellation).ConfigureAwait(false);
                return new(socket, invoker.Dispose);
            }
            catch (WebSocketException fault)
            {
                var status = socket.HttpStatusCode;
                socket.Dispose();
                invoker.Dispose();
                if (!NobodyListens(fault))
                {
                    throw Refused(endpoint, node, peer, status, fault);
                }
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                invoker.Dispose();
                throw;
            }

            await Task.Delay(RetryAfter, cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool NobodyListens(Exception fault)
    {
        for (var inner = fault.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                return true;
            }
        }

        return false;
    }

    private static FabricException Refused(IPEndPoint endpoint, int node, int peer, HttpStatusCode status, WebSocketException fault)
    {
        var what = status switch
        {
            0 => $"what listens there speaks no HTTP ({(fault.InnerException ?? fault).Message.TrimEnd('.')}); check the peer's address",
            _ => $"it answers with HTTP status {(int)status}, as no node of this program does; check the peer's address",
        };
        return new(FabricFailure.Protocol, $"Node {node} cannot join node {peer} at {NodeUrl.Of(endpoint)}: {what}.", fault);
    }
}
