using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>What somebody without the key can do to a node: be refused, and be counted. A session that runs over the same server does not notice.</summary>
public sealed class HostileStrangerTests
{
    private const string Path = "/fabric/3/1/4";

    private static readonly FabricSecurity Security = new() { Key = "the right key, at length"u8.ToArray() };
    private static readonly FabricServerLimits Limits = new() { HandshakeTimeout = TimeSpan.FromSeconds(1), MaxStrangersPerAddress = 20 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("https://127.0.0.1:0")]
    public async Task A_header_that_comes_byte_by_byte_is_cut_off(string listen)
    {
        await using var server = await OpenAsync(listen);
        await using var live = await LiveSession.StartAsync(server, Security);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Url.Port, Cancellation);
        await RequireCutOffAsync(client, Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 2000)}"));
        await EventuallyAsync(() => server.Refused.NoRequest, 1);
        await live.RequireUnharmedAsync();
    }

    [Fact]
    public async Task A_proof_that_comes_byte_by_byte_is_cut_off()
    {
        await using var server = await OpenAsync();
        await using var live = await LiveSession.StartAsync(server, Security);
        await using var listener = server.Expect(new(3, 1, 4, 1), 1);
        await using var peer = await HandMadePeer.ConnectAsync(server.Url, Path, KeyProof.Subprotocol);
        var proof = HandMadePeer.ProofOf(Security, new(3, 1, 4, 1), await peer.ReadMessageAsync());
        await Record.ExceptionAsync(async () =>
        {
            for (var i = 0; i < proof.Length; i++)
            {
                await peer.SendAsync([proof[i]], end: i == proof.Length - 1);
                await Task.Delay(50, Cancellation);
            }
        });
        await EventuallyAsync(() => server.Refused.TooSlow, 1);
        await live.RequireUnharmedAsync();
    }

    [Fact]
    public async Task Connections_that_say_nothing_take_their_own_address_alone()
    {
        await using var server = await OpenAsync();
        await using var live = await LiveSession.StartAsync(server, Security);
        var silent = new List<Socket>();
        try
        {
            for (var i = 0; i < 60; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                silent.Add(socket);
                // Another address of loopback, as another machine would be.
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
                // One that is refused may see that before it sees that it was connected.
                await Record.ExceptionAsync(() => socket.ConnectAsync(IPAddress.Loopback, server.Url.Port, Cancellation).AsTask());
            }

            await EventuallyAsync(() => server.Refused.TooManyConnections, 40);
            var session = new FabricSession(7, 0, 0, 1);
            var first = JoinAsync(null, session, server.Expect(session, 1));
            await using var pair = new FabricSet(await Task.WhenAll(first, JoinAsync(server.Url, session, null)));
            await EventuallyAsync(() => server.Refused.NoRequest, 20);
            await live.RequireUnharmedAsync();
        }
        finally
        {
            silent.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Mutated_proofs_are_refused_each_and_counted()
    {
        var session = new FabricSession(3, 1, 4, 1);
        await using var server = await OpenAsync();
        await using var live = await LiveSession.StartAsync(server, Security);
        await using var listener = server.Expect(session, 1);
        const int Proofs = 150;
        for (var seed = 0; seed < Proofs; seed++)
        {
            await using var peer = await HandMadePeer.ConnectAsync(server.Url, Path, KeyProof.Subprotocol);
            var proof = HandMadePeer.ProofOf(Security, session, await peer.ReadMessageAsync());
            var mutated = FrameMutation.Of(proof, new Random(seed));
            if (mutated.AsSpan().SequenceEqual(proof))
            {
                // Changed and changed back. Leaving without a proof is refused too.
                continue;
            }

            await peer.SendAsync(mutated);
            Assert.Equal("the cluster key was not proved", (await peer.ReadCloseAsync()).Text);
        }

        await EventuallyAsync(() => server.Refused.NoKey, Proofs);
        await live.RequireUnharmedAsync();
    }

    [Fact]
    public async Task A_frame_in_place_of_a_proof_and_text_and_silence_are_refused()
    {
        await using var server = await OpenAsync();
        await using var live = await LiveSession.StartAsync(server, Security);
        await using var frame = await HandMadePeer.ConnectAsync(server.Url, Path, KeyProof.Subprotocol);
        await frame.SendAsync(HandMadePeer.ValidHello());
        await using var text = await HandMadePeer.ConnectAsync(server.Url, Path, KeyProof.Subprotocol);
        await text.SendAsync(RandomNumberGenerator.GetBytes(64), WebSocketMessageType.Text);
        await using var silence = await HandMadePeer.ConnectAsync(server.Url, Path, KeyProof.Subprotocol);
        await EventuallyAsync(() => server.Refused.NoKey, 2);
        await EventuallyAsync(() => server.Refused.TooSlow, 1);
        await live.RequireUnharmedAsync();
    }

    [Fact]
    public async Task Requests_and_handshakes_mutated_at_random_harm_nobody()
    {
        await using var server = await OpenAsync();
        await using var live = await LiveSession.StartAsync(server, Security);
        var request = Encoding.ASCII.GetBytes(
            $"GET {Path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {KeyProof.Subprotocol}\r\n\r\n");
        for (var seed = 0; seed < 200; seed++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, server.Url.Port, Cancellation);
            byte[] bytes = [.. FrameMutation.Of(request, new Random(seed)), .. FrameMutation.Of(HandMadePeer.ValidHello(), new Random(seed))];
            await client.GetStream().WriteAsync(bytes, Cancellation);
            client.Client.Shutdown(SocketShutdown.Send);
            await Record.ExceptionAsync(() => client.GetStream().CopyToAsync(Stream.Null, Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        }

        await live.RequireUnharmedAsync();
    }

    [Fact]
    public async Task A_hello_and_a_frame_that_come_byte_by_byte_end_their_own_session_alone()
    {
        await using var server = await FabricServer.OpenAsync(new() { Listen = WebSocketNodes.AnyPort }, Cancellation);
        await using var live = await LiveSession.StartAsync(server, FabricSecurity.None);
        var limits = new FabricLimits { HelloTimeout = TimeSpan.FromSeconds(1), PeerTimeout = TimeSpan.FromSeconds(1), FarewellTimeout = TimeSpan.FromSeconds(1) };
        for (var job = 0; job < 2; job++)
        {
            var session = new FabricSession(3, job, 0, 0);
            var victim = Task.Run(
                async () =>
                {
                    await using var fabric = await WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null], limits) with { Session = session }, server.Expect(session, 1), Cancellation);
                    fabric.Exchange(new(0, Messages.VirtualTime.Zero, Messages.VirtualTime.Never, 0));
                },
                Cancellation);
            await using var peer = await HandMadePeer.ConnectAsync(server.Url, $"/fabric/3/{job}/0");
            if (job == 1)
            {
                await peer.SendAsync(HandMadePeer.ValidHello());
            }

            var slow = job == 0 ? HandMadePeer.ValidHello() : HandMadePeer.ValidWindow();
            await Record.ExceptionAsync(async () =>
            {
                for (var i = 0; i < slow.Length; i++)
                {
                    await peer.SendAsync([slow[i]], end: i == slow.Length - 1);
                    await Task.Delay(50, Cancellation);
                }
            });
            Assert.Equal(FabricFailure.Timeout, (await Assert.ThrowsAsync<FabricException>(() => victim)).Failure);
        }

        await live.RequireUnharmedAsync();
    }

    private static Task<FabricServer> OpenAsync(string listen = "http://127.0.0.1:0") =>
        FabricServer.OpenAsync(new() { Listen = new(listen), Security = Security, Limits = Limits }, Cancellation);

    private static async Task<IFabric> JoinAsync(Uri? peer, FabricSession session, FabricListener? listener) =>
        await WebSocketFabric.JoinAsync(WebSocketNodes.Options(peer is null ? 0 : 1, [peer, null]) with { Session = session, Security = Security }, listener, Cancellation);

    private static async Task RequireCutOffAsync(TcpClient client, byte[] bytes)
    {
        var cut = await Record.ExceptionAsync(async () =>
        {
            foreach (var one in bytes)
            {
                await client.GetStream().WriteAsync(new[] { one }, Cancellation);
                await Task.Delay(20, Cancellation);
            }
        });
        Assert.IsType<IOException>(cut);
    }

    private static async Task EventuallyAsync(Func<long> actual, long expected)
    {
        for (var i = 0; i < 200 && actual() != expected; i++)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Equal(expected, actual());
    }
}
