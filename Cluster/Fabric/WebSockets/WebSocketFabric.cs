using System.Runtime.CompilerServices;
using System.Text;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Nodes that are processes, each connected to each by one WebSocket: a node listens for those of higher numbers and connects to
/// those of lower ones.
/// </summary>
public sealed class WebSocketFabric : IFabric
{
    private readonly PeerLink[] _links;
    private readonly MessageBatch?[] _batches;
    private readonly FabricLimits _limits;
    private readonly FabricListener? _listener;
    private readonly WindowInbox _inbox;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationToken _ended;
    private readonly WaitPoint _wait = new();
    private readonly Lock _leavingOnce = new();
    private Task? _leaving;
    private Exception? _broken;
    private bool _disposed;
    private long _sequence;
    private long _queuedBytes;

    internal WebSocketFabric(WebSocketFabricOptions options, PeerLink[] links, FabricListener? listener, CancellationToken cancellation)
    {
        Node = options.Node;
        NodeCount = links.Length + 1;
        _links = links;
        _limits = options.Limits;
        _listener = listener;
        _cancellation = cancellation;
        _ended = _ending.Token;
        _inbox = new(NodeCount);
        _batches = [.. Enumerable.Range(0, NodeCount).Select(peer => peer == Node ? null : new MessageBatch(_limits))];
        Array.ForEach(links, link => link.StartReceiving());
        _registration = cancellation.Register(() => EndExchanges(new OperationCanceledException("The run was interrupted.")));
    }

    public int Node { get; }

    public int NodeCount { get; }

    public IReadOnlyList<LinkCounters> Links => [.. _links.Select(link => link.Counters)];

    public LinkWait? Waiting => _wait.Snapshot(sequence => [.. _links.Where(link => link.Received < sequence).Select(link => link.Peer)]);

    /// <summary>
    /// Connects to all peers and compares configurations. The order in which nodes start does not matter. A listener, which
    /// every node but the highest needs, belongs to the fabric from this call on, also when it fails.
    /// </summary>
    /// <exception cref="FabricException">A peer did not come, is another program, or is configured otherwise.</exception>
    public static async Task<WebSocketFabric> JoinAsync(WebSocketFabricOptions options, FabricListener? listener, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return await new FabricJoin(options, listener, cancellation).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            await LeaveReceivingLoop();
        }
    }

    public MessageBatch Outgoing(int node)
    {
        FabricArguments.RequirePeer(Node, NodeCount, node);
        return _batches[node]!;
    }

    public WindowInbox Exchange(in WindowSummary mine)
    {
        FabricArguments.RequireSummary(mine);
        RequireUsable();
        _inbox.Begin(Node, mine);
        var step = Step.OfWindow(mine.Window);
        try
        {
            _wait.Begin(++_sequence, step);
            foreach (var link in _links)
            {
                var batch = _batches[link.Peer]!;
                StartSend(link, step, batch.Frame, new()
                {
                    Kind = FrameKind.Window,
                    Sequence = _sequence,
                    Window = mine.Window,
                    NextDue = mine.NextDue,
                    Stop = mine.Stop,
                    Flags = mine.Flags,
                    Count = (uint)batch.Count,
                });
            }

            FinishSends(step);
            foreach (var link in _links)
            {
                var frame = AwaitFrame(link, step);
                var header = frame.Header;
                _inbox.Add(link.Peer, new(header.Window, header.NextDue, header.Stop, header.Flags), frame.Payload);
                _batches[link.Peer]!.Clear();
            }

            return _inbox;
        }
        catch (Exception failure) when (failure is FabricException or OperationCanceledException)
        {
            Break(failure);
            throw;
        }
        finally
        {
            _wait.End();
        }
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> ExchangeBlob(string phase, ReadOnlyMemory<byte> mine)
    {
        FabricArguments.RequireBlob(phase, mine.Length, _limits);
        RequireUsable();
        FabricArguments.RequireNothingPending(phase, _batches.Sum(batch => batch?.Count ?? 0));
        var step = Step.OfBlob(phase);
        var name = Encoding.UTF8.GetBytes(phase);
        var all = new ReadOnlyMemory<byte>[NodeCount];
        all[Node] = mine;
        try
        {
            _wait.Begin(++_sequence, step);
            foreach (var link in _links)
            {
                byte[] frame = [.. new byte[FrameHeader.Size], .. name, .. mine.Span];
                StartSend(link, step, frame, new() { Kind = FrameKind.Blob, Sequence = _sequence, Count = (uint)name.Length });
            }

            FinishSends(step);
            foreach (var link in _links)
            {
                var frame = AwaitFrame(link, step);
                all[link.Peer] = frame.Payload[(int)frame.Header.Count..].ToArray();
            }

            return all;
        }
        catch (Exception failure) when (failure is FabricException or OperationCanceledException)
        {
            Break(failure);
            throw;
        }
        finally
        {
            _wait.End();
        }
    }

    public void Abort(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        lock (_leavingOnce)
        {
            if (!_disposed)
            {
                var failure = FabricErrors.Aborted(Node, reason);
                Break(failure);
                EndExchanges(failure);
            }
        }
    }

    /// <summary>Says goodbye to all peers; one that waits for this node is told.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_leavingOnce)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            EndExchanges(new FabricException(FabricFailure.PeerLost, "this node itself left the run meanwhile"));
            _leaving ??= LeaveAllAsync(_cancellation.IsCancellationRequested ? "it was interrupted" : "it is done");
        }

        await _registration.DisposeAsync().ConfigureAwait(false);
        await _leaving.ConfigureAwait(false);
        _ending.Dispose();
        if (_listener is not null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false);
        }

        await LeaveReceivingLoop();
    }

    /// <summary>
    /// With inline scheduling, what follows a receipt runs inside the loop that receives for this connection. The caller's code must
    /// not go on there: a simulation that waits there for its peer's frame keeps that frame from being received.
    /// </summary>
    private static ConfiguredTaskAwaitable LeaveReceivingLoop() =>
        Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private void StartSend(PeerLink link, Step step, Memory<byte> frame, in FrameHeader header)
    {
        // No node can block another for good here: each link's loop takes what comes, whatever its simulation does.
        if (_queuedBytes + frame.Length > _limits.MaxQueuedBytes)
        {
            FinishSends(step);
        }

        _queuedBytes += frame.Length;
        link.StartSend(frame, header);
    }

    private void FinishSends(Step step)
    {
        _queuedBytes = 0;
        foreach (var link in _links)
        {
            link.FinishSend(step, _ended);
        }
    }

    private ReceivedFrame AwaitFrame(PeerLink link, Step step)
    {
        var frame = link.Await(_sequence, step, _wait.Since);
        step.Require(Node, link.Peer, frame.Step);
        return frame;
    }

    private void RequireUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _cancellation.ThrowIfCancellationRequested();
        if (_broken is FabricException known)
        {
            throw new FabricException(known.Failure, known.Message, known);
        }
    }

    /// <summary>Tells the peers in the background why this node stops; disposal waits for that.</summary>
    private void Break(Exception failure)
    {
        lock (_leavingOnce)
        {
            _broken ??= failure;
            _leaving ??= LeaveAllAsync(failure.Message);
        }
    }

    /// <summary>Wakes the simulation thread wherever it waits: for frames, or for a peer to take one.</summary>
    private void EndExchanges(Exception failure)
    {
        Array.ForEach(_links, link => link.Fail(failure));
        _ending.Cancel();
    }

    private Task LeaveAllAsync(string reason) => Task.WhenAll(_links.Select(link => link.LeaveAsync(reason)));
}
