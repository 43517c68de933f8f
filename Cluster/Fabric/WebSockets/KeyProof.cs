using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Security.Cryptography;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>
/// Both ends prove to each other that they have the cluster key, before anything else is read from the connection. The listening end sends a
/// nonce; the connecting end answers with its own and its proof; only then does the listening end prove itself, so whoever has no
/// key gets nothing that was made with it. A proof is HMAC-SHA256 over a label, the prover's role, both nonces, the session, and the channel binding:
/// the SHA-256 of the listening end's certificate as the prover sees it (tls-server-end-point, RFC 5929), nothing without TLS.
/// </summary>
internal sealed class KeyProof(FabricSecurity security, FabricSession session, ReadOnlyMemory<byte> certificateHash)
{
    /// <summary>The WebSocket subprotocol of who will prove a key; so both ends know at once if only one has a key.</summary>
    internal const string Subprotocol = "trapline-key.1";

    internal const int NonceBytes = 32;

    private const int ProofBytes = HMACSHA256.HashSizeInBytes;

    private enum Role : byte
    {
        Connecting = 1,
        Listening = 2,
    }

    /// <summary>"trapline link 1" and the like: no other use of the same key makes the same bytes.</summary>
    private static ReadOnlySpan<byte> Label => "trapline cluster link, key proof, version 1\0"u8;

    /// <summary>The listening end's part. Null if the peer has proved the key, else what was wrong, for this node's own eyes.</summary>
    internal async Task<string?> ListenAsync(WebSocket socket, CancellationToken cancellation)
    {
        var mine = RandomNumberGenerator.GetBytes(NonceBytes);
        await SendAsync(socket, mine, cancellation).ConfigureAwait(false);
        var answer = new byte[NonceBytes + ProofBytes];
        if (await ReadAsync(socket, answer, cancellation).ConfigureAwait(false) is { } fault)
        {
            return fault;
        }

        var theirs = answer.AsMemory(0, NonceBytes);
        if (!CryptographicOperations.FixedTimeEquals(answer.AsSpan(NonceBytes), Proof(Role.Connecting, mine, theirs.Span)))
        {
            return "its proof does not fit this node's key, session and certificate";
        }

        await SendAsync(socket, Proof(Role.Listening, mine, theirs.Span), cancellation).ConfigureAwait(false);
        return null;
    }

    /// <summary>The connecting end's part. Null if the peer has proved the key, else what was wrong.</summary>
    internal async Task<string?> ConnectAsync(WebSocket socket, CancellationToken cancellation)
    {
        var theirs = new byte[NonceBytes];
        if (await ReadAsync(socket, theirs, cancellation).ConfigureAwait(false) is { } noChallenge)
        {
            return noChallenge;
        }

        var mine = RandomNumberGenerator.GetBytes(NonceBytes);
        await SendAsync(socket, [.. mine, .. Proof(Role.Connecting, theirs, mine)], cancellation).ConfigureAwait(false);
        var proof = new byte[ProofBytes];
        return await ReadAsync(socket, proof, cancellation).ConfigureAwait(false)
            ?? (CryptographicOperations.FixedTimeEquals(proof, Proof(Role.Listening, theirs, mine))
                ? null
                : "its proof does not fit this node's key, session and the certificate it shows");
    }

    /// <summary>Every part has a fixed length but the binding, which comes last: no two inputs are the same bytes.</summary>
    private byte[] Proof(Role role, ReadOnlySpan<byte> listening, ReadOnlySpan<byte> connecting)
    {
        Span<byte> place = stackalloc byte[sizeof(long) + sizeof(int) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(place, session.Run);
        BinaryPrimitives.WriteInt32LittleEndian(place[8..], session.Job);
        BinaryPrimitives.WriteInt32LittleEndian(place[12..], session.Attempt);
        return HMACSHA256.HashData(security.Key.Span, [.. Label, (byte)role, .. listening, .. connecting, .. place, .. certificateHash.Span]);
    }

    private static Task SendAsync(WebSocket socket, byte[] bytes, CancellationToken cancellation) =>
        socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, cancellation);

    /// <summary>Exactly one binary message of exactly that length; null if so.</summary>
    private static async Task<string?> ReadAsync(WebSocket socket, Memory<byte> whole, CancellationToken cancellation)
    {
        var filled = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(whole[filled..], cancellation).ConfigureAwait(false);
            filled += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return $"it closed the connection instead ({PrintableText.Of(socket.CloseStatusDescription ?? "no reason given")})";
            }

            if (part.MessageType != WebSocketMessageType.Binary || (part.EndOfMessage != (filled == whole.Length)) || (part.Count == 0))
            {
                return $"what it sent is no message of {whole.Length} bytes";
            }

            if (part.EndOfMessage)
            {
                return null;
            }
        }
    }
}
