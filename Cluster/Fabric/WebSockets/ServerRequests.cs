using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>What a node's server does with a request: health, a link of a session, or a refusal that is counted.</summary>
internal sealed class ServerRequests(FabricServerOptions options, SessionTable sessions)
{
    /// <summary>For a refused peer to read why.</summary>
    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(2);

    internal async Task AnswerAsync(HttpContext context)
    {
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
        else
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            await ServeAsync(context, socket, session).ConfigureAwait(false);
        }
    }

    private static Task TextAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private Task RefuseAsync(HttpContext context, int status, string text)
    {
        sessions.Count(Refusal.NotAPeer);
        return TextAsync(context, status, text);
    }

    private async Task ServeAsync(HttpContext context, WebSocket socket, FabricSession session)
    {
        try
        {
            var (listener, reason, text) = await sessions.FindAsync(session, context.Connection.RemoteIpAddress ?? IPAddress.None, context.RequestAborted).ConfigureAwait(false);
            if (listener is not null)
            {
                var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (listener.Offer(new(socket, () => closed.TrySetResult())))
                {
                    await closed.Task.ConfigureAwait(false);
                    return;
                }

                (reason, text) = (Refusal.NoPlace, $"{session} has all its peers; another process joined as this node");
            }

            sessions.Count(reason);
            await CloseAsync(socket, text).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    /// <summary>Closes with the reason and waits a moment for the peer to have read it: an abrupt end could overtake the text.</summary>
    private static async Task CloseAsync(WebSocket socket, string text)
    {
        using var deadline = new CancellationTokenSource(FarewellTimeout);
        // A close frame holds 123 bytes of text (RFC 6455 section 5.5.1).
        var ascii = Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(text));
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, ascii[..Math.Min(ascii.Length, 123)], deadline.Token).ConfigureAwait(false);
    }
}
