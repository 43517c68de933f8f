using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Trapline.Cluster.Fabric.WebSockets.Transport;

/// <summary>
/// One connection. For Kestrel it reads ahead, so that a stranger who goes away is noticed while nobody reads what it sent. A link without
/// TLS takes the socket over and reads and writes its frames there, without a copy and a hand-over in between.
/// </summary>
internal sealed class DirectConnection : DefaultConnectionContext
{
    /// <summary>A whole record of TLS, which is up to 16 KiB, with one call or two.</summary>
    private const int BlockBytes = 16 << 10;

    private readonly Socket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _reading;
    private volatile bool _takenOver;

    internal DirectConnection(Socket socket)
        : base(Guid.NewGuid().ToString())
    {
        _socket = socket;
        Stream = new(socket, ownsSocket: false);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Features.Set(this);
        // Inline: each hand-over to another thread costs more than the work itself. Nothing that runs inline blocks: the receiving
        // loop of a link does not, and callers are led away from it (WebSocketFabric.LeaveReceivingLoop).
        var input = new Pipe(new(null, PipeScheduler.Inline, PipeScheduler.Inline, minimumSegmentSize: BlockBytes, useSynchronizationContext: false));
        Transport = new DirectPipes(input.Reader, PipeWriter.Create(Stream, new(minimumBufferSize: BlockBytes, leaveOpen: true)));
        _reading = ReadAheadAsync(input.Writer);
    }

    internal NetworkStream Stream { get; }

    /// <summary>
    /// Ends the reading ahead: after what comes next, Kestrel's input ends, and all that follows is left to <see cref="Stream"/>.
    /// </summary>
    internal void TakeOver() => _takenOver = true;

    /// <summary>Ends the connection for both ends. What was sent still arrives.</summary>
    internal void Shutdown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Shutdown();
        _socket.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync().ConfigureAwait(false);
        // Kestrel has flushed what it wants to be sent. With an error, this waits for no peer that does not read.
        await Transport.Output.CompleteAsync(new ConnectionAbortedException()).ConfigureAwait(false);
        Shutdown();
        _socket.Dispose();
        await _reading.ConfigureAwait(false);
        _closed.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ReadAheadAsync(PipeWriter input)
    {
        Exception? fault = null;
        try
        {
            int received;
            do
            {
                received = await _socket.ReceiveAsync(input.GetMemory(BlockBytes / 2)).ConfigureAwait(false);
                input.Advance(received);
            }
            while (received > 0 && !(await input.FlushAsync().ConfigureAwait(false)).IsCompleted && !_takenOver);
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            fault = new ConnectionResetException(broken.Message, broken);
        }

        await input.CompleteAsync(fault).ConfigureAwait(false);
        if (!_takenOver)
        {
            await _closed.CancelAsync().ConfigureAwait(false);
        }
    }
}
