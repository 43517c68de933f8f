using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Trapline.Cluster.Fabric.WebSockets.Transport;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// The listening end of a node for its whole life: Kestrel at one address, for all sessions that the node takes part in. Kestrel
/// alone, without the generic host: that would take over Ctrl-C, read settings files of the current folder and write logs.
/// </summary>
public sealed class FabricServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly SessionTable _sessions;
    private readonly RefusalCounters _refusals = new();
    private readonly ServerRequests _requests;
    private readonly ServiceProvider? _services;
    private readonly X509Certificate2? _certificate;

    private FabricServer(FabricServerOptions options)
    {
        options.Limits.Validate();
        var url = NodeUrl.Parse(options.Listen, options.Security, mayChoosePort: true);
        var endpoint = url.Endpoint();
        _certificate = url.Tls ? ServerCertificate.Of(options.Security) : null;
        _services = url.Tls ? KestrelServices.Create() : null;
        Url = options.Listen;
        _sessions = new(options.Limits, _refusals);
        _requests = new(options, _sessions, _certificate is null ? [] : ServerCertificate.HashOf(_certificate));
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = _services! };
        kestrel.Limits.MaxConcurrentConnections = null;
        kestrel.Limits.RequestHeadersTimeout = options.Limits.HandshakeTimeout;
        kestrel.Limits.KeepAliveTimeout = options.Limits.HandshakeTimeout;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 << 10;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Listen(endpoint, listen => Listen(listen, new ConnectionGate(options.Limits, _refusals), options.Limits));
        _server = new(Options.Create(kestrel), new DirectTransport(), NullLoggerFactory.Instance);
    }

    /// <summary>Where it really listens: with the port that was chosen if 0 was asked for.</summary>
    public Uri Url { get; private set; }

    /// <summary>Connections refused so far, by reason.</summary>
    public FabricRefusals Refused => _refusals.Snapshot();

    /// <exception cref="FabricException">The address is not allowed, or in use.</exception>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public static async Task<FabricServer> OpenAsync(FabricServerOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new FabricServer(options);
        try
        {
            await server.StartAsync(cancellation).ConfigureAwait(false);
            return server;
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new FabricException(
                FabricFailure.Environment,
                $"Cannot listen at {options.Listen}: {fault.Message.TrimEnd('.')}. Choose another port, or 0 for any free one.",
                fault);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// From now on connections for that session are taken, and those that waited for it: as many as this node has peers of higher numbers.
    /// The listener goes to <see cref="WebSocketFabric.JoinAsync"/>; its end does not touch other sessions.
    /// </summary>
    /// <exception cref="FabricException">That attempt, or a later one of the same job, is or was here already.</exception>
    public FabricListener Expect(FabricSession session, int connections)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(connections);
        session.Require();
        var listener = new FabricListener(session, connections, Url, _sessions);
        _sessions.Expect(listener);
        return listener;
    }

    /// <summary>Ends what still is connected. Leave the sessions first: their peers want to know why.</summary>
    public async ValueTask DisposeAsync()
    {
        _sessions.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        await _server.StopAsync(now.Token).ConfigureAwait(false);
        _server.Dispose();
        _certificate?.Dispose();
        if (_services is not null)
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Listen(ListenOptions listen, ConnectionGate gate, FabricServerLimits limits)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection => gate.PassAsync(connection, next));
        if (_certificate is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = _certificate, HandshakeTimeout = limits.HandshakeTimeout });
        }
    }

    private static Task ServeAsync(WebSocketMiddleware webSockets, HttpContext context)
    {
        DirectUpgrade.Offer(context);
        return webSockets.Invoke(context);
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        var webSockets = new WebSocketMiddleware(
            _requests.AnswerAsync,
            Options.Create(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan }),
            NullLoggerFactory.Instance);
        await _server.StartAsync(new ListenerApplication(context => ServeAsync(webSockets, context)), cancellation).ConfigureAwait(false);
        Url = new(_server.Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }
}
