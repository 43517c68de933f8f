using System.Net;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>One address for a node's life, many sessions.</summary>
public sealed class FabricServerTests
{
    private static readonly FabricLimits Limits = new() { HelloTimeout = TimeSpan.FromSeconds(20), FarewellTimeout = TimeSpan.FromSeconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sessions_run_at_once_over_one_server_and_end_alone()
    {
        await using var server = await OpenAsync();
        await using var first = await PairAsync(server, new(1, 0, 0, 7));
        await using var second = await PairAsync(server, new(1, 1, 0, 7));
        await RunAsync(first, 0);
        await RunAsync(second, 0);
        await first.DisposeAsync();
        await RunAsync(second, 1);
        await using var third = await PairAsync(server, new(1, 0, 1, 8));
        await RunAsync(third, 0);
        await RunAsync(second, 2);
    }

    [Fact]
    public async Task A_peer_that_comes_before_its_session_waits_for_it()
    {
        await using var server = await OpenAsync();
        var session = new FabricSession(4, 0, 0, 1);
        var early = JoinAsync(server.Url, session, null);
        await Task.Delay(200, Cancellation);
        Assert.False(early.IsCompleted);
        var late = JoinAsync(null, session, server.Expect(session, 1));
        await using var pair = new FabricSet([await late, await early]);
        await RunAsync(pair, 0);
        Assert.Equal(0, server.Refused.NotExpected);
    }

    /// <summary>It came early, was killed, and came again: the first connection must not have the place.</summary>
    [Fact]
    public async Task A_peer_that_goes_while_it_waits_leaves_its_place()
    {
        await using var server = await OpenAsync(new() { MaxWaitingPerAddress = 1 });
        var session = new FabricSession(4, 0, 0, 1);
        await using (var killed = await HandMadePeer.ConnectAsync(server.Url, "/fabric/4/0/0"))
        {
            await killed.SendAsync(HandMadePeer.ValidHello());
            await Task.Delay(200, Cancellation);
        }

        await Task.Delay(500, Cancellation);
        var early = JoinAsync(server.Url, session, null);
        await Task.Delay(500, Cancellation);
        var late = JoinAsync(null, session, server.Expect(session, 1));
        await using var pair = new FabricSet([await late, await early]);
        await RunAsync(pair, 0);
        Assert.Equal(0, server.Refused.TooManyWaiting);
    }

    /// <summary>The node of the highest number connects to all others, and expects nobody.</summary>
    [Fact]
    public async Task A_node_that_expects_no_peer_has_a_place_for_none()
    {
        await using var first = await OpenAsync();
        await using var last = await OpenAsync();
        var session = new FabricSession(4, 0, 0, 1);
        var joining = WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [first.Url, null], Limits) with { Session = session }, last.Expect(session, 0), Cancellation);
        await using var pair = new FabricSet([await JoinAsync(null, session, first.Expect(session, 1)), await joining]);
        await using var stray = await HandMadePeer.ConnectAsync(last.Url, "/fabric/4/0/0");
        Assert.Contains("has all its peers", (await stray.ReadCloseAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(1, last.Refused.NoPlace);
        await RunAsync(pair, 0);
    }

    [Fact]
    public async Task A_peer_whose_session_does_not_come_is_refused_after_a_while()
    {
        await using var server = await OpenAsync(new() { WaitTimeout = TimeSpan.FromMilliseconds(300) });
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(server.Url, new(4, 2, 1, 1), null));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.Contains("nobody here expects attempt 1 of job 2 of run 4", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Refused.NotExpected);
    }

    [Theory]
    [InlineData(4, "is over: attempt 5 is known here")]
    [InlineData(5, "is over on this node")]
    public async Task A_peer_of_an_attempt_that_is_over_is_refused_at_once(int attempt, string said)
    {
        await using var server = await OpenAsync();
        await server.Expect(new(1, 0, 5, 1), 1).DisposeAsync();
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(server.Url, new(1, 0, attempt, 1), null).WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Refused.OldAttempt);
    }

    [Fact]
    public async Task An_attempt_is_expected_once_and_never_after_a_later_one()
    {
        await using var server = await OpenAsync();
        await using var listener = server.Expect(new(1, 0, 5, 1), 1);
        Assert.Equal(FabricFailure.Usage, Assert.Throws<FabricException>(() => server.Expect(new(1, 0, 5, 2), 1)).Failure);
        Assert.Contains("attempt 5 was here already", Assert.Throws<FabricException>(() => server.Expect(new(1, 0, 4, 1), 1)).Message, StringComparison.Ordinal);
        await server.Expect(new(1, 1, 4, 1), 1).DisposeAsync();
    }

    [Fact]
    public async Task More_waiting_connections_than_allowed_are_refused_and_a_live_session_goes_on()
    {
        await using var server = await OpenAsync(new() { MaxWaitingPerAddress = 3 });
        await using var pair = await PairAsync(server, new(1, 0, 0, 1));
        using var enough = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 3).Select(job => JoinAsync(server.Url, new(2, job, 0, 1), null, enough.Token)).ToArray();
        await Task.Delay(500, Cancellation);
        var failure = await Assert.ThrowsAsync<FabricException>(() => JoinAsync(server.Url, new(2, 9, 0, 1), null));
        Assert.Contains("too many connections wait already", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Refused.TooManyWaiting);
        await RunAsync(pair, 0);
        await enough.CancelAsync();
        await Task.WhenAll(waiting.Select(joining => Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining)));
    }

    [Fact]
    public async Task Nodes_of_two_epochs_are_told_so()
    {
        await using var server = await OpenAsync();
        var first = JoinAsync(null, new(1, 0, 0, 8), server.Expect(new(1, 0, 0, 8), 1));
        var second = JoinAsync(server.Url, new(1, 0, 0, 7), null);
        var failure = await Assert.ThrowsAsync<FabricException>(() => first);
        Assert.Contains("it is of epoch 7, this node is in epoch 8: its sender was left behind", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<FabricException>(() => second);
        Assert.Equal(1, server.Refused.BadFrame);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public async Task A_number_of_nodes_that_is_not_allowed_names_the_limit(int nodes)
    {
        var options = new WebSocketFabricOptions { Node = 0, Peers = new Uri?[nodes], Configuration = new() };
        var failure = await Assert.ThrowsAsync<FabricException>(() => WebSocketFabric.JoinAsync(options, null, Cancellation));
        Assert.Equal(FabricFailure.Usage, failure.Failure);
        Assert.Contains("2 to 32 nodes (FabricLimits.MaxNodes)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_is_answered_in_plain_text()
    {
        await using var server = await FabricServer.OpenAsync(
            new() { Listen = WebSocketNodes.AnyPort, Live = () => new(true, "3 sessions"), Ready = () => new(false, "the database is away") },
            Cancellation);
        using var client = new HttpClient();
        using var live = await client.GetAsync(new Uri(server.Url, "/health/live"), Cancellation);
        using var ready = await client.GetAsync(new Uri(server.Url, "/health/ready"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, "3 sessions\n"), (live.StatusCode, await live.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the database is away\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("text/plain", live.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/fabric/1/2")]
    [InlineData("/fabric/1/2/3/4")]
    [InlineData("/fabric/-1/2/3")]
    [InlineData("/fabric/01/2/3")]
    [InlineData("/fabric/99999999999999999999/2/3")]
    [InlineData("/fabrics/1/2/3")]
    public async Task What_is_no_path_of_a_session_is_refused_and_counted(string path)
    {
        await using var server = await OpenAsync();
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.Url, path), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(1, server.Refused.NotAPeer);
    }

    private static Task<FabricServer> OpenAsync(FabricServerLimits? limits = null) =>
        FabricServer.OpenAsync(new() { Listen = WebSocketNodes.AnyPort, Limits = limits ?? FabricServerLimits.Default }, Cancellation);

    /// <summary>Nodes 0 and 1 of a session; without a peer's URL it is node 0.</summary>
    private static async Task<IFabric> JoinAsync(Uri? peer, FabricSession session, FabricListener? listener, CancellationToken? cancellation = null) =>
        await WebSocketFabric.JoinAsync(
            WebSocketNodes.Options(peer is null ? 0 : 1, [peer, null], Limits) with { Session = session },
            listener,
            cancellation ?? Cancellation);

    private static async Task<FabricSet> PairAsync(FabricServer server, FabricSession session)
    {
        var first = JoinAsync(null, session, server.Expect(session, 1));
        var second = JoinAsync(server.Url, session, null);
        return new([await first, await second]);
    }

    private static Task RunAsync(FabricSet pair, int window) =>
        Lockstep.RunAllWellAsync(pair.All, fabric => fabric.Exchange(new(window, VirtualTime.Zero, VirtualTime.Never, 0)));
}
