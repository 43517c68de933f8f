using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>Connects to a peer that may not have started yet, and proves the cluster key where this node has one.</summary>
internal sealed class FabricConnector(WebSocketFabricOptions options, NodeUrl url, int peer)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryUnreachableAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the peer's certificate, as this end saw it; empty without TLS.</summary>
    private byte[] _certificateHash = [];

    /// <summary>Tries until somebody listens or the token is cancelled.</summary>
    internal async Task<AcceptedSocket> ConnectAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var socket = new ClientWebSocket();
            var invoker = new HttpMessageInvoker(Handler());
            try
            {
                socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
                socket.Options.CollectHttpResponseDetails = true;
                socket.Options.SetRequestHeader("User-Agent", $"trapline/{options.Name}");
                if (options.Security.HasKey)
                {
                    socket.Options.AddSubProtocol(KeyProof.Subprotocol);
                }

                await socket.ConnectAsync(url.Socket(options.Session), invoker, cancellation).ConfigureAwait(false);
                await ProveAsync(socket, cancellation).ConfigureAwait(false);
                return new(socket, invoker.Dispose);
            }
            catch (Exception fault)
            {
                var status = socket.HttpStatusCode;
                socket.Dispose();
                invoker.Dispose();
                if (fault is not WebSocketException broken)
                {
                    throw;
                }

                var retry = RetryOf(broken) ?? throw Refused(status, broken);
                await Task.Delay(retry, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint endpoint = IPAddress.TryParse(context.DnsEndPoint.Host, out var address) ? new IPEndPoint(address, context.DnsEndPoint.Port) : context.DnsEndPoint;
            await socket.ConnectAsync(endpoint, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Null if trying again cannot help.</summary>
    private static TimeSpan? RetryOf(Exception fault)
    {
        for (var inner = fault.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
            {
                return socket.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => RetryAfter,
                    SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.HostUnreachable
                        or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.TimedOut => RetryUnreachableAfter,
                    _ => null,
                };
            }
        }

        return null;
    }

    private SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        ConnectCallback = ConnectAsync,
        SslOptions = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5359 // No authority vouches for nodes: the proof of the key binds the certificate that is seen here.
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                _certificateHash = certificate is null ? [] : ServerCertificate.HashOf(certificate);
                return certificate is not null;
            },
#pragma warning restore CA5359
        },
    };

    private async Task ProveAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        if (!options.Security.HasKey)
        {
            return;
        }

        var fault = socket.SubProtocol == KeyProof.Subprotocol
            ? await new KeyProof(options.Security, options.Session, _certificateHash).ConnectAsync(socket, cancellation).ConfigureAwait(false)
            : "it does not speak of a key at all";
        if (fault is not null)
        {
            throw new FabricException(
                FabricFailure.Refused,
                $"Node {options.Node} cannot join node {peer} at {url}: the two did not prove the cluster key to each other: {fault.TrimEnd('.')}. "
                + "Give all nodes the same key, and let nothing between them end TLS.");
        }
    }

    private FabricException Refused(HttpStatusCode status, WebSocketException fault)
    {
        var what = status switch
        {
            HttpStatusCode.Unauthorized => $"it asks for a proof of the cluster key, and this node has none; set {FabricSecurity.KeyVariable} or name a key file",
            HttpStatusCode.Conflict => $"it has no cluster key to prove, and this node has one; set {FabricSecurity.KeyVariable} or name a key file there",
            0 => $"what listens there speaks no {(url.Tls ? "HTTPS" : "HTTP")} ({(fault.InnerException ?? fault).Message.TrimEnd('.')}); check the peer's address, and whether it is http or https",
            _ => $"it answers with HTTP status {(int)status}, as no node of this program does; check the peer's address",
        };
        var kind = status is HttpStatusCode.Unauthorized or HttpStatusCode.Conflict ? FabricFailure.Refused : FabricFailure.Protocol;
        return new(kind, $"Node {options.Node} cannot join node {peer} at {url}: {what}.", fault);
    }
}
