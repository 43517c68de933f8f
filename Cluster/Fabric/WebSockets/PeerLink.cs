using System.Diagnostics;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// The connection to one peer. The simulation thread sends and waits; one loop receives, ahead of it. There are two
/// buffers: the frame that the simulation works on and the one that arrives. A peer can be no further ahead than that,
/// because it needs this node's frame to go on; one that is further ahead is refused, so it cannot overwrite what is in use.
/// </summary>
internal sealed class PeerLink
{
    private readonly WebSocket _socket;
    private readonly int _node;
    private readonly uint _epoch;
    private readonly FabricLimits _limits;
    private readonly Action _closed;
    private Action? _badFrame;
    private readonly FrameReader _reader;
    private readonly ReceivedFrame[] _frames = [new(), new()];
    private readonly ReceivedFrame _farewell = new();
    private readonly FrameArrival _arrival = new();
    private readonly LinkMeter _meter = new();
    private Task? _receiving;
    private ValueTask _sending;
    private long _sent;

    /// <summary>
    /// A link whose peer's number is still open has -1 for it. <paramref name="badFrame"/> is called when the peer sent what is no frame of
    /// this session.
    /// </summary>
    internal PeerLink(AcceptedSocket accepted, WebSocketFabricOptions options, int peer, Action? badFrame)
    {
        _socket = accepted.Socket;
        _closed = accepted.Closed;
        _node = options.Node;
        _epoch = options.Session.Epoch;
        _limits = options.Limits;
        _badFrame = badFrame;
        Peer = peer;
        _reader = new(_socket, _limits);
    }

    internal int Peer { get; private set; }

    internal LinkCounters Counters => _meter.Snapshot(Peer);

    /// <summary>The number of the last frame that came whole.</summary>
    internal long Received => _arrival.Received;

    /// <summary>Sends this node's configuration as frame 0.</summary>
    internal async Task SendHelloAsync(ReadOnlyMemory<byte> configuration, CancellationToken cancellation)
    {
        var frame = SealedFrame(FrameKind.Hello, configuration.Span);
        _meter.CountSent(frame.Length);
        await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>The peer's configuration; from here on its number is known.</summary>
    internal async Task<FabricConfiguration> ReceiveHelloAsync(CancellationToken cancellation)
    {
        try
        {
            var header = await _reader.ReadHeaderAsync(new(Peer, _node, 0, _epoch), cancellation).ConfigureAwait(false)
                ?? throw NoHello();
            var frame = _frames[0];
            frame.Begin(header);
            await _reader.ReadPayloadAsync(frame, cancellation).ConfigureAwait(false);
            if (header.Kind == FrameKind.Farewell)
            {
                throw new FabricException(FabricFailure.PeerLost, $"it is a farewell: {PrintableText.Of(frame.Payload.Span)}");
            }

            Peer = header.Sender;
            _meter.CountReceived(FrameHeader.Size + frame.Payload.Length);
            return FabricConfiguration.TryDecode(frame.Payload.Span)
                ?? throw new FabricException("its configuration is not lines of name=value");
        }
        catch (FabricException fault) when (fault.Failure != FabricFailure.Refused)
        {
            if (fault.Failure == FabricFailure.Protocol)
            {
                CountBadFrame();
            }

            throw new FabricException(FabricFailure.Protocol, $"Node {_node} cannot take the hello of {PeerName}: {fault.Message.TrimEnd('.')}.", fault);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException)
        {
            throw new FabricException(FabricFailure.PeerLost, $"The connection to {PeerName} broke before its hello came to node {_node}: {fault.Message} See that process's output.", fault);
        }
    }

    internal void StartReceiving() => _receiving ??= ReceiveAllAsync();

    /// <summary>Begins to send a frame, whose memory stays untouched until <see cref="FinishSend"/>.</summary>
    internal void StartSend(Memory<byte> frame, FrameHeader header)
    {
        header.Sender = (ushort)_node;
        header.Receiver = (ushort)Peer;
        header.Epoch = _epoch;
        _meter.CountSent(frame.Length);
        FrameCodec.Seal(frame.Span, header);
        // Before the first byte leaves: the peer's next frame may arrive before this method returns.
        Volatile.Write(ref _sent, header.Sequence);
#pragma warning disable CA2012 // Kept until FinishSend, which consumes it once; a Task instead would allocate in each window.
        try
        {
            // Without a token: with one, WebSocket takes a path that allocates. Whoever cancels, aborts the socket.
            _sending = _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or InvalidOperationException)
        {
            _sending = ValueTask.FromException(fault);
        }
#pragma warning restore CA2012
    }

    internal void FinishSend(Step step, CancellationToken cancellation)
    {
        var sending = _sending;
        _sending = default;
        try
        {
            if (sending.IsCompletedSuccessfully)
            {
                sending.GetAwaiter().GetResult();
            }
            else if (!sending.AsTask().Wait((int)_limits.PeerTimeout.TotalMilliseconds, cancellation))
            {
                _socket.Abort();
                throw FabricErrors.Silent(_node, Peer, step, $"it does not even take this node's (frame {_sent})", _limits);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever cancels has said why before (Fail).
            _socket.Abort();
            throw Located(_arrival.Failure!, step);
        }
        catch (Exception fault) when (fault is AggregateException or WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The receiving side knows better why: a farewell may be waiting there.
            _receiving!.Wait(_limits.FarewellTimeout, cancellation);
            throw _arrival.Failure is { } known ? Located(known, step) : Lost(step, (fault.InnerException ?? fault).Message, fault);
        }
    }

    /// <summary>
    /// Waits for the peer's frame of that number. The waiting for all peers began at <paramref name="since"/>, a <see cref="Stopwatch.GetTimestamp"/>.
    /// </summary>
    internal ReceivedFrame Await(long sequence, Step step, long since)
    {
        switch (_arrival.Await(sequence, _limits.PeerTimeout))
        {
            case ArrivalOutcome.Arrived:
                _meter.CountWait(since, _arrival.ArrivedAt(sequence));
                return _frames[sequence & 1];
            case ArrivalOutcome.Failed:
                throw Located(_arrival.Failure!, step);
            default:
                throw FabricErrors.Silent(_node, Peer, step, $"frames received from it so far: {_arrival.Received} of {sequence}", _limits);
        }
    }

    /// <summary>Wakes whoever waits for this peer, as if it had failed so.</summary>
    internal void Fail(Exception failure) => _arrival.Fail(failure);

    /// <summary>
    /// Tells the peer why this node leaves, and closes. Bounded by <see cref="FabricLimits.FarewellTimeout"/>; does not throw.
    /// </summary>
    internal async Task LeaveAsync(string reason)
    {
        using var deadline = new CancellationTokenSource(_limits.FarewellTimeout);
        try
        {
            var text = Encoding.UTF8.GetBytes(PrintableText.Of(reason));
            if (Peer >= 0)
            {
                var frame = SealedFrame(FrameKind.Farewell, text);
                await _socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, deadline.Token).ConfigureAwait(false);
            }

            await CloseOutputAsync(reason, deadline.Token).ConfigureAwait(false);
            // Closing at once could throw away what the peer has not read yet; it closes its end when it has read all.
            StartReceiving();
            await _receiving!.WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The peer is gone already, or does not listen: there is nobody to say goodbye to.
        }
        finally
        {
            _socket.Abort();
            _socket.Dispose();
            _closed();
        }
    }

    private string PeerName => Peer >= 0 ? $"node {Peer}" : "the process that connected";

    private async Task ReceiveAllAsync()
    {
        try
        {
            for (var sequence = 1L; await ReceiveOneAsync(sequence).ConfigureAwait(false); sequence++)
            {
                _meter.CountReceived(FrameHeader.Size + (int)_frames[sequence & 1].Header.PayloadBytes);
                _arrival.Publish(sequence);
            }
        }
        catch (FabricException fault)
        {
            CountBadFrame();
            _arrival.Fail(new FabricException(fault.Failure, $"frame {_arrival.Received + 1} of node {Peer} cannot be taken: {fault.Message}", fault));
        }
        catch (WebSocketException fault) when (fault.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely)
        {
            CountBadFrame();
            _arrival.Fail(new FabricException(FabricFailure.Protocol, $"what came after frame {_arrival.Received} of node {Peer} is no WebSocket message: {fault.Message}", fault));
        }
#pragma warning disable CA1031 // Whatever ends this loop must reach the thread that waits for it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _arrival.Fail(new FabricException(FabricFailure.PeerLost, $"the connection broke ({fault.Message.TrimEnd('.')}): its process ended, was killed, or cut the connection", fault));
        }
    }

    /// <summary>False when the peer has left.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveOneAsync(long sequence)
    {
        var next = await _reader.ReadHeaderAsync(new(Peer, _node, sequence, _epoch), CancellationToken.None).ConfigureAwait(false);
        if (next is not { } header)
        {
            _arrival.Fail(new FabricException(FabricFailure.PeerLost, $"it closed the connection without a farewell ({PrintableText.Of(_socket.CloseStatusDescription ?? "no reason given")})"));
            return false;
        }

        var isFarewell = header.Kind == FrameKind.Farewell;
        if (!isFarewell && sequence > Volatile.Read(ref _sent) + 1)
        {
            throw new FabricException($"it came before this node had sent its frame {sequence - 1}, without which the peer cannot have made it");
        }

        var frame = isFarewell ? _farewell : _frames[sequence & 1];
        frame.Begin(header);
        await _reader.ReadPayloadAsync(frame, CancellationToken.None).ConfigureAwait(false);
        if (isFarewell)
        {
            _arrival.Fail(new FabricException(FabricFailure.PeerLost, $"it left and said: {PrintableText.Of(frame.Payload.Span)}") { IsFarewell = true });
            await CloseOutputAsync("", CancellationToken.None).ConfigureAwait(false);
        }

        return !isFarewell;
    }

    /// <summary>One link counts once, however much more comes while it is being closed.</summary>
    private void CountBadFrame() => Interlocked.Exchange(ref _badFrame, null)?.Invoke();

    private async Task CloseOutputAsync(string reason, CancellationToken cancellation)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            // A close frame holds 123 bytes of text (RFC 6455 section 5.5.1); ASCII alone keeps characters and bytes the same.
            var text = Encoding.ASCII.GetString(Encoding.ASCII.GetBytes(reason));
            var status = Peer >= 0 ? WebSocketCloseStatus.NormalClosure : WebSocketCloseStatus.ProtocolError;
            await _socket.CloseOutputAsync(status, text[..Math.Min(text.Length, 123)], cancellation).ConfigureAwait(false);
        }
    }

    private byte[] SealedFrame(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        var sequence = kind == FrameKind.Hello ? 0 : _sent + 1;
        FrameCodec.Seal(frame, new() { Kind = kind, Sender = (ushort)_node, Receiver = (ushort)Peer, Sequence = sequence, Epoch = _epoch });
        return frame;
    }

    /// <summary>The peer closed instead: its server refused this node, or whatever else.</summary>
    private FabricException NoHello()
    {
        var said = PrintableText.Of(_socket.CloseStatusDescription ?? "no reason given");
        return _socket.CloseStatus == WebSocketCloseStatus.PolicyViolation
            ? new(FabricFailure.Refused, $"{char.ToUpperInvariant(PeerName[0])}{PeerName[1..]} refuses node {_node}: {said}.")
            : new(FabricFailure.PeerLost, $"there is none, the connection was closed instead ({said})");
    }

    private Exception Located(Exception failure, Step step) => failure is FabricException known
        ? known.Failure == FabricFailure.Aborted ? known
        : new FabricException(known.Failure, $"Node {_node} waited for {step} of node {Peer}: {known.Message.TrimEnd('.')}. See that node's own output.", known) { Peer = Peer, IsFarewell = known.IsFarewell }
        : new OperationCanceledException(failure.Message, failure);

    private FabricException Lost(Step step, string what, Exception fault) => new(
        FabricFailure.PeerLost,
        $"Node {_node} could not send its {step} to node {Peer}: {what} See that node's own output.",
        fault)
    { Peer = Peer };
}
