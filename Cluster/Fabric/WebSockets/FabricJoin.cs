using System.Reflection;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>One attempt of a node to join its run: all links at once, the first fault ends it.</summary>
internal sealed class FabricJoin
{
    private readonly WebSocketFabricOptions _options;
    private readonly FabricListener? _listener;
    private readonly CancellationToken _cancellation;
    private readonly PeerLink?[] _links;
    private readonly FabricConfiguration _configuration;
    private readonly byte[] _hello;
    private readonly List<PeerLink> _opened = [];
    private FabricException? _firstFault;

    internal FabricJoin(WebSocketFabricOptions options, FabricListener? listener, CancellationToken cancellation)
    {
        _options = options;
        _listener = listener;
        _cancellation = cancellation;
        options.Limits.Validate();
        _links = new PeerLink?[options.Peers.Count];
        _configuration = options.Configuration
            .With("nodes", options.Peers.Count.ToString())
            .With("build", Build);
        _hello = _configuration.Encode();
    }

    /// <summary>The version and the compiler's identity of this assembly: another build is another program.</summary>
    internal static string Build
    {
        get
        {
            var assembly = typeof(FabricJoin).Assembly;
            var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
            return $"{version} {assembly.ManifestModule.ModuleVersionId}";
        }
    }

    private int Node => _options.Node;

    internal async Task<WebSocketFabric> RunAsync()
    {
        try
        {
            RequireOptions();
            await OpenLinksAsync().ConfigureAwait(false);
            _cancellation.ThrowIfCancellationRequested();
            return _firstFault is null
                ? new(_options, [.. _links.OfType<PeerLink>()], _listener, _cancellation)
                : throw _firstFault;
        }
        catch (Exception fault)
        {
            await Task.WhenAll(_opened.Select(link => link.LeaveAsync(fault.Message))).ConfigureAwait(false);
            if (_listener is not null)
            {
                await _listener.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private void RequireOptions()
    {
        var count = _options.Peers.Count;
        if (count is < 2 or > FabricLimits.MaxNodes || Node < 0 || Node >= count)
        {
            throw new FabricException(
                FabricFailure.Usage,
                $"A run over links has 2 to {FabricLimits.MaxNodes} nodes ({nameof(FabricLimits)}.{nameof(FabricLimits.MaxNodes)}), numbered from 0; this is node {Node} of {count}.");
        }

        _options.Session.Require();
        if (_listener is not null && _listener.Session != _options.Session)
        {
            throw new FabricException(FabricFailure.Usage, $"Node {Node} joins {_options.Session} (epoch {_options.Session.Epoch}), but its listener is for {_listener.Session} (epoch {_listener.Session.Epoch}).");
        }

        if (Node < count - 1 && _listener is null)
        {
            throw new FabricException(FabricFailure.Usage, $"Node {Node} of {count} needs an address to listen at: the nodes of higher numbers connect to it.");
        }

        if (_hello.Length > _options.Limits.MaxHelloBytes - FrameHeader.Size)
        {
            throw new FabricException(
                FabricFailure.LimitReached,
                $"The configuration to compare has {_hello.Length} bytes; raise {nameof(FabricLimits)}.{nameof(FabricLimits.MaxHelloBytes)}, or give digests.");
        }
    }

    private async Task OpenLinksAsync()
    {
        var urls = _options.Peers.Select((url, peer) => UrlOf(url, peer)).ToArray();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        deadline.CancelAfter(_options.Limits.HelloTimeout);
        var links = Enumerable.Range(0, urls.Length).Where(peer => peer != Node).Select(peer => peer < Node
            ? GuardAsync(ConnectAsync(urls[peer]!, peer, deadline.Token), $"node {peer} at {_options.Peers[peer]}", () => peer, deadline)
            : GuardAsync(AcceptAsync(deadline.Token), $"a node of a higher number to connect to {_listener!.Url}", MissingAbove, deadline));
        await Task.WhenAll(links).ConfigureAwait(false);
    }

    private NodeUrl? UrlOf(Uri? url, int peer)
    {
        if (peer < Node && url is null)
        {
            throw new FabricException(FabricFailure.Usage, $"Node {Node} connects to node {peer}, so it needs that node's address.");
        }

        return url is null ? null : NodeUrl.Parse(url, _options.Security, mayChoosePort: peer >= Node);
    }

    /// <summary>The least of the nodes that were to connect here and have not.</summary>
    private int? MissingAbove() => Enumerable.Range(Node + 1, _links.Length - Node - 1).Where(peer => Volatile.Read(ref _links[peer]) is null).Cast<int?>().FirstOrDefault();

    private async Task GuardAsync(Task opening, string awaited, Func<int?> missing, CancellationTokenSource others)
    {
        try
        {
            await opening.ConfigureAwait(false);
        }
        catch (FabricException fault)
        {
            Interlocked.CompareExchange(ref _firstFault, fault, null);
            await others.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Either the time is over, or another link or the caller ended the attempt; then this one is not to blame.
            if (!_cancellation.IsCancellationRequested)
            {
                Interlocked.CompareExchange(ref _firstFault, new FabricException(
                    FabricFailure.Timeout,
                    $"Node {Node} waited {_options.Limits.HelloTimeout.TotalSeconds:0.###} s for the hello of {awaited}, and it did not come. "
                    + $"Start that node, check the addresses, or raise {nameof(FabricLimits)}.{nameof(FabricLimits.HelloTimeout)}.")
                { Peer = missing() }, null);
            }
        }
    }

    private async Task ConnectAsync(NodeUrl url, int peer, CancellationToken cancellation)
    {
        var accepted = await new FabricConnector(_options, url, peer).ConnectAsync(cancellation).ConfigureAwait(false);
        var link = Open(accepted, peer);
        await link.SendHelloAsync(_hello, cancellation).ConfigureAwait(false);
        var theirs = await link.ReceiveHelloAsync(cancellation).ConfigureAwait(false);
        _configuration.Require(Node, peer, theirs);
        _links[peer] = link;
    }

    private async Task AcceptAsync(CancellationToken cancellation)
    {
        var accepted = await _listener!.AcceptAsync(cancellation).ConfigureAwait(false);
        // With two nodes it is clear who comes; with more, the hello tells.
        var link = Open(accepted, _links.Length == 2 ? 1 : -1);
        var theirs = await link.ReceiveHelloAsync(cancellation).ConfigureAwait(false);
        await link.SendHelloAsync(_hello, cancellation).ConfigureAwait(false);
        _configuration.Require(Node, link.Peer, theirs);
        if (link.Peer <= Node || link.Peer >= _links.Length || Interlocked.CompareExchange(ref _links[link.Peer], link, null) is not null)
        {
            throw new FabricException(
                FabricFailure.Mismatch,
                $"A process joined node {Node} as node {link.Peer}; that number is taken, or not above {Node} and below {_links.Length}. Give each node its own number.");
        }
    }

    private PeerLink Open(AcceptedSocket accepted, int peer)
    {
        var link = new PeerLink(accepted, _options, peer, _listener is null ? null : _listener.CountBadFrame);
        lock (_opened)
        {
            _opened.Add(link);
            return link;
        }
    }
}
