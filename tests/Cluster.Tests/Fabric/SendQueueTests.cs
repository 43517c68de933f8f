using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.Frames;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>What a node has given to its links and its peers have not taken is bounded.</summary>
public sealed class SendQueueTests
{
    /// <summary>More than the sockets of both ends hold, so that one frame is not taken unless somebody reads.</summary>
    private const int Messages = 500_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_peer_that_takes_nothing_stops_the_sender_before_the_queue_grows()
    {
        const int FrameBytes = FrameHeader.Size + (Messages * Message.SizeInBytes);
        var limits = new FabricLimits
        {
            MaxFrameBytes = FrameBytes,
            MaxBatchMessages = Messages,
            MaxQueuedBytes = FrameBytes + 1,
            PeerTimeout = TimeSpan.FromSeconds(2),
            FarewellTimeout = TimeSpan.FromSeconds(1),
        };
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 2, Cancellation);
        var joining = WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null, null], limits), listener, Cancellation);
        await using var deaf = await HandMadePeer.ConnectAsync(listener.Url);
        await deaf.SendAsync(HelloOf(1));
        await using var second = await HandMadePeer.ConnectAsync(listener.Url);
        await second.SendAsync(HelloOf(2));
        await using var fabric = await joining;
        var batch = new Message[Messages];
        fabric.Outgoing(1).AddRange(batch);
        fabric.Outgoing(2).AddRange(batch);

        var failure = Assert.Throws<FabricException>(() => fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0)));

        Assert.Equal((FabricFailure.Timeout, 1), (failure.Failure, failure.Peer));
        Assert.Contains("it does not even take this node's (frame 1)", failure.Message, StringComparison.Ordinal);
        Assert.Equal((byte)FrameKind.Hello, (await second.ReadMessageAsync())[6]);
        // The second peer's frame would have been above the limit together with the first's: it was not sent.
        Assert.Equal((byte)FrameKind.Farewell, (await second.ReadMessageAsync())[6]);
    }

    private static byte[] HelloOf(ushort node) => HandMadePeer.Frame(
        new() { Kind = FrameKind.Hello, Sender = node },
        WebSocketNodes.Options(node, []).Configuration.With("nodes", "3").With("build", FabricJoin.Build).Encode());
}
