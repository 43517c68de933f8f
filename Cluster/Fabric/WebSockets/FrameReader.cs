using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Reads frames from a socket, one WebSocket message each. The header is judged before memory is taken for the payload,
/// so a peer gets no more than the limits allow. Parts of a message must each bring at least one byte: nobody can keep
/// the reader busy with nothing. The message of a <see cref="FabricException"/> from here is a clause on "the frame".
/// </summary>
internal sealed class FrameReader(WebSocket socket, FabricLimits limits)
{
    private readonly byte[] _header = new byte[FrameHeader.Size];
    private bool _ended;

    /// <summary>The next frame's header; null if the peer closed the connection in good order instead.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<FrameHeader?> ReadHeaderAsync(FrameExpectation expected, CancellationToken cancellation)
    {
        var filled = 0;
        while (filled < FrameHeader.Size)
        {
            var part = await socket.ReceiveAsync(_header.AsMemory(filled), cancellation).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close && filled == 0)
            {
                return null;
            }

            filled += part.Count;
            RequirePart(part, filled, FrameHeader.Size);
        }

        var header = MemoryMarshal.Read<FrameHeader>(_header);
        Require(FrameCodec.Judge(header, expected, limits));
        if (_ended != (header.PayloadBytes == 0))
        {
            throw new FabricException($"it declares {header.PayloadBytes} bytes, but its message {(_ended ? "ends with the header" : "goes on after the header")}");
        }

        return header;
    }

    /// <summary>The rest of the frame, into the buffer that was prepared for it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask ReadPayloadAsync(ReceivedFrame frame, CancellationToken cancellation)
    {
        var payload = frame.Payload;
        var filled = 0;
        while (filled < payload.Length)
        {
            var part = await socket.ReceiveAsync(payload[filled..], cancellation).ConfigureAwait(false);
            filled += part.Count;
            RequirePart(part, filled, payload.Length);
        }

        if (!_ended)
        {
            throw new FabricException($"its message goes on after the {payload.Length} bytes it declares");
        }

        Require(FrameCodec.Judge(frame.Header, payload.Span));
    }

    private static void Require(string? fault)
    {
        if (fault is not null)
        {
            throw new FabricException(fault);
        }
    }

    private void RequirePart(ValueWebSocketReceiveResult part, int filled, int whole)
    {
        _ended = part.EndOfMessage;
        if (part.MessageType != WebSocketMessageType.Binary)
        {
            throw new FabricException(part.MessageType == WebSocketMessageType.Text
                ? "it is text; frames are binary"
                : $"the connection was closed inside it, after {filled} of {whole} bytes");
        }

        if (part.Count == 0 || (part.EndOfMessage && filled < whole))
        {
            throw new FabricException($"it is cut short or comes in empty pieces: {filled} of {whole} bytes");
        }
    }
}
