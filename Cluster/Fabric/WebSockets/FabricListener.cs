using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// The listening end of a node: Kestrel with one path, on loopback. Kestrel alone, without the generic host: that would
/// take over Ctrl-C, read settings files of the current folder and write logs.
/// </summary>
public sealed class FabricListener : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly Channel<AcceptedSocket> _accepted = Channel.CreateUnbounded<AcceptedSocket>();
    private readonly int _connections;
    private int _taken;

    private FabricListener(IPEndPoint endpoint, int connections)
    {
        _connections = connections;
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentUpgradedConnections = connections;
        // A few more for whoever knocks by mistake and must be told so.
        options.Limits.MaxConcurrentConnections = connections + 16;
        options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportOptions
        {
            NoDelay = true,
            // Each hand-over to another thread costs more than the work itself. Nothing that runs inline blocks: the receiving
            // loop of a link does not, and callers are led away from it (WebSocketFabric.LeaveReceivingLoop).
            UnsafePreferInlineScheduling = true,
            WaitForDataBeforeAllocatingBuffer = false,
        };
        _server = new(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(transport), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        Url = LoopbackUrl.Of(endpoint);
    }

    /// <summary>Where it really listens: with the port that was chosen if 0 was asked for.</summary>
    public Uri Url { get; private set; }

    /// <summary>Listens at a loopback URL for a number of peers; more are refused.</summary>
    public static async Task<FabricListener> OpenAsync(Uri url, int connections, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connections);
        var listener = new FabricListener(LoopbackUrl.Parse(url, mayChoosePort: true), connections);
        try
        {
            await listener.StartAsync(cancellation).ConfigureAwait(false);
            return listener;
        }
        catch (IOException fault)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw new FabricException(
                FabricFailure.Environment,
                $"Cannot listen at {url}: {fault.Message.TrimEnd('.')}. Choose another port, or 0 for any free one.",
                fault);
        }
        catch
        {
            await listener.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out var socket))
        {
            socket.Socket.Abort();
            socket.Closed();
        }

        // The links have said their farewells; what is still open then is nobody's.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(now.Token).ConfigureAwait(false);
        _server.Dispose();
    }

    internal ValueTask<AcceptedSocket> AcceptAsync(CancellationToken cancellation) => _accepted.Reader.ReadAsync(cancellation);

    private async Task StartAsync(CancellationToken cancellation)
    {
        var webSockets = new WebSocketMiddleware(
            AnswerAsync,
            Options.Create(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }),
            NullLoggerFactory.Instance);
        try
        {
            await _server.StartAsync(new ListenerApplication(webSockets.Invoke), cancellation).ConfigureAwait(false);
        }
        catch (System.Net.Sockets.SocketException fault)
        {
            throw new IOException(fault.Message, fault);
        }

        Url = new(_server.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path != LoopbackUrl.Path)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"A node of a simulation; its peers connect to {LoopbackUrl.Path}.").ConfigureAwait(false);
        }
        else if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "Nodes connect here by WebSocket.").ConfigureAwait(false);
        }
        else if (context.Request.Headers.Origin.Count > 0)
        {
            // A page in a browser on this machine can open WebSockets to loopback, but not without this header (RFC 6455 section 10.2).
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Nodes are no browsers.").ConfigureAwait(false);
        }
        else if (Interlocked.Increment(ref _taken) > _connections)
        {
            await RefuseAsync(context, StatusCodes.Status409Conflict, "This node has all its peers.").ConfigureAwait(false);
        }
        else
        {
            var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_accepted.Writer.TryWrite(new(socket, closed.SetResult)))
            {
                await closed.Task.ConfigureAwait(false);
            }
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
