using System.Net.WebSockets;
using System.Security.Cryptography;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.Frames;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>A node 1 whose every byte the test decides.</summary>
internal sealed class HandMadePeer : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static byte[] ValidHello() => Frame(
        new() { Kind = FrameKind.Hello, Sender = 1 },
        WebSocketNodes.Options(1, []).Configuration.With("nodes", "2").With("build", FabricJoin.Build).Encode());

    /// <summary>The frame of window 0 that node 0 waits for, with two messages.</summary>
    internal static byte[] ValidWindow()
    {
        var batch = new MessageBatch(FabricLimits.Default);
        batch.Add(new() { Due = new(100), Sequence = 1, Word0 = 5 });
        batch.Add(new() { Due = new(101), Sequence = 2, Word0 = 6 });
        return Frame(WindowHeader(batch.Count), batch.Payload.Span);
    }

    internal static FrameHeader WindowHeader(int count) => new()
    {
        Kind = FrameKind.Window,
        Sender = 1,
        Sequence = 1,
        NextDue = new(100),
        Stop = VirtualTime.Never,
        Count = (uint)count,
    };

    /// <summary>A frame with a right length and checksum, whatever else is in its header.</summary>
    internal static byte[] Frame(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        FrameCodec.Seal(frame, header);
        return frame;
    }

    internal static async Task<HandMadePeer> ConnectAsync(Uri url, string path = "/fabric/0/0/0", string? subprotocol = null)
    {
        var peer = new HandMadePeer();
        if (subprotocol is not null)
        {
            peer._socket.Options.AddSubProtocol(subprotocol);
        }

        await peer._socket.ConnectAsync(new Uri($"ws://{url.Authority}{path}"), Cancellation);
        return peer;
    }

    /// <summary>
    /// The connecting end's answer to a challenge over plain http, by the words of the format and not by the code under test: its nonce, then
    /// HMAC-SHA256 over label, role 1, both nonces, run, job, attempt, and no certificate.
    /// </summary>
    internal static byte[] ProofOf(FabricSecurity security, FabricSession session, byte[] challenge)
    {
        var nonce = RandomNumberGenerator.GetBytes(32);
        byte[] input =
        [
            .. "trapline cluster link, key proof, version 1\0"u8, 1, .. challenge, .. nonce,
            .. BitConverter.GetBytes(session.Run), .. BitConverter.GetBytes(session.Job), .. BitConverter.GetBytes(session.Attempt),
        ];
        return [.. nonce, .. HMACSHA256.HashData(security.Key.Span, input)];
    }

    /// <summary>One whole message.</summary>
    internal async Task<byte[]> ReadMessageAsync()
    {
        var buffer = new byte[1 << 16];
        var filled = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(filled), Cancellation);
            filled += part.Count;
            if (part.EndOfMessage)
            {
                return buffer[..filled];
            }
        }
    }

    internal Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool end = true) =>
        _socket.SendAsync(bytes, type, end, Cancellation);

    internal Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "enough", Cancellation);

    /// <summary>Reads until the other side ends; gives the text of its farewell, if it sent one.</summary>
    internal async Task<string> ReadFarewellAsync()
    {
        var farewell = "";
        var buffer = new byte[1 << 16];
        while (_socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            if (part.Count > FrameHeader.Size && buffer[6] == (byte)FrameKind.Farewell)
            {
                farewell = System.Text.Encoding.UTF8.GetString(buffer.AsSpan(FrameHeader.Size, part.Count - FrameHeader.Size));
            }
        }

        return farewell;
    }

    /// <summary>Reads until the other side closes; how it did.</summary>
    internal async Task<(WebSocketCloseStatus? Status, string? Text)> ReadCloseAsync()
    {
        await ReadFarewellAsync();
        return (_socket.CloseStatus, _socket.CloseStatusDescription);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
