using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.Frames;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Whatever a peer sends, the node ends with an error that says what was wrong: no crash, no hang, no memory without limit.</summary>
public sealed class HostilePeerTests
{
    /// <summary>What is sent in place of the frame of window 0, and what the error must say of it.</summary>
    public static TheoryData<string, byte[], string> BadFrames()
    {
        var noise = new byte[500];
        new Random(1).NextBytes(noise);
        var valid = HandMadePeer.ValidWindow();
        var window = HandMadePeer.WindowHeader(0);
        return new()
        {
            { "noise", noise, "is no node of this program" },
            { "another magic", Changed(valid, 0, 0xFF), "is no node of this program" },
            { "another version", Changed(valid, 4, 0x03), "version 1" },
            { "an unknown kind", Changed(valid, 6, 0x40), "its kind is 66" },
            { "a second hello", HandMadePeer.Frame(window with { Kind = FrameKind.Hello }, []), "its kind is 1" },
            { "another sender", HandMadePeer.Frame(window with { Sender = 0 }, []), "from node 0 to node 0" },
            { "another receiver", HandMadePeer.Frame(window with { Receiver = 7 }, []), "from node 1 to node 7" },
            { "a repeated frame", HandMadePeer.Frame(window with { Sequence = 0 }, []), "frame 0 of the link, expected was frame 1" },
            { "a skipped frame", HandMadePeer.Frame(window with { Sequence = 2 }, []), "frame 2 of the link, expected was frame 1" },
            { "another window", HandMadePeer.Frame(window with { Window = 9 }, []), "window 9" },
            { "a negative window", HandMadePeer.Frame(window with { Window = -9 }, []), "negative" },
            { "a negative due time", HandMadePeer.Frame(window with { NextDue = new(-1) }, []), "negative" },
            { "a negative stop", HandMadePeer.Frame(window with { Stop = new(-1) }, []), "negative" },
            { "another epoch", HandMadePeer.Frame(window with { Epoch = 1 }, []), "it is of epoch 1, this node is in epoch 0" },
            { "too many messages", HandMadePeer.Frame(window with { Count = 1001 }, new byte[1001 * 64]), "FabricLimits.MaxBatchMessages" },
            { "more messages than bytes", HandMadePeer.Frame(window with { Count = 3 }, new byte[128]), "3 messages of 64 bytes in 128 bytes" },
            { "a huge length", Changed(valid, 51, 0x7F), "FabricLimits.MaxFrameBytes" },
            { "reserved bits of a message", HandMadePeer.Frame(window with { Count = 1 }, Bytes(new() { Reserved = 1 })), "message 0 of 1" },
            { "a blob number of a message", HandMadePeer.Frame(window with { Count = 1 }, Bytes(new() { Blob = 1 })), "message 0 of 1" },
            { "a negative time of a message", HandMadePeer.Frame(window with { Count = 1 }, Bytes(new() { Due = new(-5) })), "message 0 of 1" },
            { "a damaged message", Changed(valid, 100, 0x01), "its checksum is" },
            { "a wrong checksum", Changed(valid, 60, 0x01), "its checksum is" },
            { "half a header", valid[..30], "30 of 64 bytes" },
            { "half a payload", valid[..100], "36 of 128 bytes" },
            { "nothing after the header", valid[..64], "ends with the header" },
            { "an empty message", [], "0 of 64 bytes" },
            { "bytes after the frame", [.. valid, 1], "goes on after the 128 bytes" },
            { "a phase", HandMadePeer.Frame(new() { Kind = FrameKind.Blob, Sender = 1, Sequence = 1, Count = 4 }, "donedata"u8), "phase 'done'" },
            { "a phase longer than its frame", HandMadePeer.Frame(new() { Kind = FrameKind.Blob, Sender = 1, Sequence = 1, Count = 9 }, "donedata"u8), "its count is 9" },
            { "window fields in a phase", HandMadePeer.Frame(new() { Kind = FrameKind.Blob, Sender = 1, Sequence = 1, Flags = 1 }, []), "belongs to windows alone" },
        };
    }

    [Theory]
    [MemberData(nameof(BadFrames), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_frame_ends_the_run_with_an_error_that_says_what_is_wrong(string what, byte[] frame, string said)
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync(frame);
        var farewell = await peer.ReadFarewellAsync();
        var failure = await victim.RequireFailureAsync();
        Assert.True(failure.Message.Contains(said, StringComparison.Ordinal), $"{what}: {failure.Message}");
        Assert.Contains("node 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("window 0", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual("", farewell);
    }

    [Theory]
    [InlineData(0, "is no node of this program")]
    [InlineData(4, "version")]
    [InlineData(8, "from node")]
    [InlineData(59, "epoch")]
    [InlineData(63, "checksum")]
    [InlineData(70, "checksum")]
    public async Task A_bad_hello_ends_the_join(int at, string said)
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(Changed(HandMadePeer.ValidHello(), at, 0x11));
        var failure = await victim.RequireFailureAsync();
        Assert.Contains("cannot take the hello of node 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hello_that_is_no_configuration_ends_the_join()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.Frame(new() { Kind = FrameKind.Hello, Sender = 1 }, "no lines"u8));
        Assert.Contains("name=value", (await victim.RequireFailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_refused()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text);
        Assert.Contains("it is text", (await victim.RequireFailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_in_many_pieces_is_a_frame()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        var frame = HandMadePeer.ValidWindow();
        for (var i = 0; i < frame.Length; i++)
        {
            await peer.SendAsync([frame[i]], end: i == frame.Length - 1);
        }

        Assert.Null(await victim.End);
    }

    [Fact]
    public async Task Empty_pieces_without_end_are_refused()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync([], end: false);
        Assert.Contains("empty pieces", (await victim.RequireFailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_runs_ahead_is_refused_before_it_overwrites_what_is_in_use()
    {
        var victim = await Victim.StartAsync(windows: 1000);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        // Without a look at what the victim sends: at some point it is behind by more than one window.
        var failed = await Record.ExceptionAsync(async () =>
        {
            for (var window = 0; window < 1000; window++)
            {
                await peer.SendAsync(HandMadePeer.Frame(HandMadePeer.WindowHeader(0) with { Sequence = window + 1, Window = window }, []));
            }
        });
        Assert.True(failed is null or WebSocketException, failed?.ToString());
        Assert.Contains("cannot have made it", (await victim.RequireFailureAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_stops_inside_a_frame_is_a_timeout()
    {
        var victim = await Victim.StartAsync(windows: 1, new() { PeerTimeout = TimeSpan.FromSeconds(1), FarewellTimeout = TimeSpan.FromSeconds(1) });
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync(HandMadePeer.ValidWindow()[..100], end: false);
        var failure = await victim.RequireFailureAsync();
        Assert.Equal(FabricFailure.Timeout, failure.Failure);
    }

    [Fact]
    public async Task A_farewell_is_shown_without_what_could_steer_a_terminal()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync(HandMadePeer.Frame(new() { Kind = FrameKind.Farewell, Sender = 1, Sequence = 1 }, "so \e[31m long"u8));
        var failure = await victim.RequireFailureAsync();
        Assert.Equal(FabricFailure.PeerLost, failure.Failure);
        Assert.Contains("it left and said: so ?[31m long", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_closes_without_a_farewell_is_lost()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.CloseAsync();
        var failure = await victim.RequireFailureAsync();
        Assert.Equal(FabricFailure.PeerLost, failure.Failure);
        Assert.Contains("without a farewell (enough)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_after_the_handshake_is_no_websocket_message()
    {
        // It ends its own connection alone; the node goes on waiting for the one that it expects, here not for long.
        var victim = await Victim.StartAsync(windows: 1, new FabricLimits { HelloTimeout = TimeSpan.FromSeconds(2) });
        using var client = new TcpClient();
        await client.ConnectAsync(victim.Url.Host, victim.Url.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "GET /fabric HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), TestContext.Current.CancellationToken);
        var noise = new byte[4096];
        Array.Fill(noise, (byte)0x7F);
        await stream.WriteAsync(noise, TestContext.Current.CancellationToken);
        Assert.Equal(FabricFailure.Timeout, (await victim.RequireFailureAsync()).Failure);
    }

    [Fact]
    public async Task Mutated_frames_end_in_an_error_or_are_whole()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var mutation = new Random(seed);
            var frame = FrameMutation.Of(HandMadePeer.ValidWindow(), mutation);
            var victim = await Victim.StartAsync(windows: 1);
            await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
            await peer.SendAsync(HandMadePeer.ValidHello());
            await peer.SendAsync(frame);
            var end = await victim.End;
            var expected = frame.AsSpan().SequenceEqual(HandMadePeer.ValidWindow()) ? null : typeof(FabricException);
            Assert.True(end?.GetType() == expected, $"Seed {seed}: {end}");
        }
    }

    private static byte[] Changed(byte[] frame, int at, byte flipped)
    {
        var changed = frame.ToArray();
        changed[at] ^= flipped;
        return changed;
    }

    private static byte[] Bytes(Message message)
    {
        var batch = new MessageBatch(FabricLimits.Default);
        batch.Add(message);
        return batch.Payload.ToArray();
    }
}
