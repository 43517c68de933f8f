using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Trapline.Cluster.Fabric.WebSockets.Transport;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>What a node's server does with a request: health, a link of a session, or a refusal that is counted.</summary>
internal sealed class ServerRequests(FabricServerOptions options, SessionTable sessions, ReadOnlyMemory<byte> certificateHash)
{
    /// <summary>For a refused peer to read why.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    internal async Task AnswerAsync(HttpContext context)
    {
        var stranger = context.Features.Get<Stranger>()!;
        stranger.Asked = true;
        var path = context.Request.Path.Value ?? "";
        if (path is "/health/live" or "/health/ready")
        {
            var health = path == "/health/live" ? options.Live() : options.Ready();
            await TextAsync(context, health.Good ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, health.Text).ConfigureAwait(false);
        }
        else if (NodeUrl.SessionOf(path) is not { } session)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"A node of a simulation; its peers connect to {NodeUrl.Root}/RUN/JOB/ATTEMPT.").ConfigureAwait(false);
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
        else if (context.WebSockets.WebSocketRequestedProtocols.Contains(KeyProof.Subprotocol) is var hasKey && hasKey != options.Security.HasKey)
        {
            await (hasKey
                ? RefuseAsync(context, StatusCodes.Status409Conflict, "This node has no cluster key.", Refusal.NoKey)
                : RefuseAsync(context, StatusCodes.Status401Unauthorized, "Not without a key.", Refusal.NoKey)).ConfigureAwait(false);
        }
        else
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(hasKey ? KeyProof.Subprotocol : null).ConfigureAwait(false);
            await ServeAsync(context, socket, session, stranger).ConfigureAwait(false);
        }
    }

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private Task RefuseAsync(HttpContext context, int status, string text, Refusal reason = Refusal.NotAPeer)
    {
        sessions.Count(reason);
        return TextAsync(context, status, text);
    }

    private async Task ServeAsync(HttpContext context, WebSocket socket, FabricSession session, Stranger stranger)
    {
        try
        {
            if (!await ProveAsync(context, socket, session).ConfigureAwait(false))
            {
                return;
            }

            var (listener, reason, text) = await sessions.FindAsync(session, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted).ConfigureAwait(false);
            if (listener is not null)
            {
                (context.Features.Get<IHttpUpgradeFeature>() as DirectUpgrade)?.TakeOver();
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (listener.Offer(new(socket, () => closed.TrySetResult())))
                {
                    stranger.Leave();
                    await closed.Task.ConfigureAwait(false);
                    return;
                }

                (reason, text) = (Refusal.NoPlace, $"{session} has all its peers; another process joined as this node");
            }

            await CloseAsync(socket, reason, text).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    /// <summary>Before anything of this node is told or taken. Without a key there is nothing to prove.</summary>
    private async Task<bool> ProveAsync(HttpContext context, WebSocket socket, FabricSession session)
    {
        if (!options.Security.HasKey)
        {
            return true;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(options.Limits.HandshakeTimeout);
        string? fault;
        try
        {
            fault = await new KeyProof(options.Security, session, certificateHash).ListenAsync(socket, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            sessions.Count(Refusal.TooSlow);
            throw;
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException)
        {
            sessions.Count(Refusal.NoKey);
            throw;
        }

        if (fault is not null)
        {
            await CloseAsync(socket, Refusal.NoKey, "the cluster key was not proved").ConfigureAwait(false);
        }

        return fault is null;
    }

    /// <summary>Closes with the reason and waits a moment for the peer to have read it: an abrupt end could overtake the text.</summary>
    private async Task CloseAsync(WebSocket socket, Refusal reason, string text)
    {
        sessions.Count(reason);
        using var deadline = new CancellationTokenSource(FarewellTimeout);
        // A close frame holds 123 bytes of text (RFC 6455 section 5.5.1).
        var ascii = Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(text));
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, ascii[..Math.Min(ascii.Length, 123)], deadline.Token).ConfigureAwait(false);
    }
}
