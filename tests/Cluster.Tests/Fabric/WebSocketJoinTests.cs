using System.Net;
using System.Net.WebSockets;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

public sealed class WebSocketJoinTests
{
    private static readonly FabricLimits Impatient = new() { HelloTimeout = TimeSpan.FromSeconds(1), FarewellTimeout = TimeSpan.FromSeconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_connecting_node_may_start_first()
    {
        // A port that was free a moment ago: nobody listens there when node 1 begins to try.
        var probe = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var url = probe.Url;
        await probe.DisposeAsync();
        var second = WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [url, null]), null, Cancellation);
        Assert.False(second.IsCompleted);
        var first = WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null]), await FabricListener.OpenAsync(url, 1, Cancellation), Cancellation);
        await using var fabrics = new FabricSet([await first, await second]);
        await Lockstep.RunAllWellAsync(fabrics.All, fabric => fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0)));
    }

    [Fact]
    public async Task Nodes_configured_otherwise_are_both_told_what_differs()
    {
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var url = listener.Url;
        var first = WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null], null, new FabricConfiguration().With("seed", "1").With("scenario", "s")), listener, Cancellation);
        var second = WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [url, null], null, new FabricConfiguration().With("seed", "2").With("scenario", "s")), null, Cancellation);
        var here = await Assert.ThrowsAsync<FabricException>(() => first);
        var there = await Assert.ThrowsAsync<FabricException>(() => second);
        Assert.Contains("seed is '1' here and '2' there", here.Message, StringComparison.Ordinal);
        Assert.Contains("seed is '2' here and '1' there", there.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("scenario is", here.Message, StringComparison.Ordinal);
        Assert.All([here, there], failure => Assert.Equal(FabricFailure.Mismatch, failure.Failure));
    }

    [Fact]
    public async Task Another_number_of_nodes_is_a_difference()
    {
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var url = listener.Url;
        var first = WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null]), listener, Cancellation);
        var second = WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [url, null, null]), await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation), Cancellation);
        Assert.Contains("nodes is '2' here and '3' there", (await Assert.ThrowsAsync<FabricException>(() => first)).Message, StringComparison.Ordinal);
        Assert.Contains("nodes is '3' here and '2' there", (await Assert.ThrowsAsync<FabricException>(() => second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_never_comes_is_a_timeout_that_names_the_limit()
    {
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var failure = await Assert.ThrowsAsync<FabricException>(() => WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null], Impatient), listener, Cancellation));
        Assert.Equal(FabricFailure.Timeout, failure.Failure);
        Assert.Contains(listener.Url.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("FabricLimits.HelloTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_connects_and_says_nothing_is_a_timeout()
    {
        var victim = await Victim.StartAsync(windows: 1, Impatient);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        Assert.Equal(FabricFailure.Timeout, (await victim.RequireFailureAsync()).Failure);
    }

    [Fact]
    public async Task A_second_connection_is_refused_and_the_first_goes_on()
    {
        var victim = await Victim.StartAsync(windows: 1);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await using var second = await HandMadePeer.ConnectAsync(victim.Url);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "attempt 0 of job 0 of run 0 has all its peers; another process joined as this node"), await second.ReadCloseAsync());
        var failure = await Assert.ThrowsAsync<FabricException>(() => WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [victim.Url, null]), null, Cancellation));
        Assert.Equal(FabricFailure.Refused, failure.Failure);
        Assert.Contains("Node 0 refuses node 1: attempt 0 of job 0 of run 0 has all its peers", failure.Message, StringComparison.Ordinal);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync(HandMadePeer.ValidWindow());
        Assert.Null(await victim.End);
    }

    [Theory]
    [InlineData("/", null, HttpStatusCode.NotFound)]
    [InlineData("/fabric", null, HttpStatusCode.NotFound)]
    [InlineData("/fabric/0/0/0", null, HttpStatusCode.UpgradeRequired)]
    [InlineData("/fabric/0/0/0", "http://elsewhere.example", HttpStatusCode.Forbidden)]
    public async Task Browsers_and_other_programs_are_refused_and_take_no_place(string path, string? origin, HttpStatusCode expected)
    {
        var victim = await Victim.StartAsync(windows: 1);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(victim.Url, path));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Upgrade", "websocket");
            request.Headers.Add("Connection", "Upgrade");
            request.Headers.Add("Sec-WebSocket-Version", "13");
            request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        }

        using var response = await client.SendAsync(request, Cancellation);
        Assert.Equal(expected, response.StatusCode);
        await using var peer = await HandMadePeer.ConnectAsync(victim.Url);
        await peer.SendAsync(HandMadePeer.ValidHello());
        await peer.SendAsync(HandMadePeer.ValidWindow());
        Assert.Null(await victim.End);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var first = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var failure = await Assert.ThrowsAsync<FabricException>(() => FabricListener.OpenAsync(first.Url, 1, Cancellation));
        Assert.Equal(FabricFailure.Environment, failure.Failure);
        Assert.Contains($"Cannot listen at {first.Url}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("in use", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5001")]
    [InlineData("http://192.0.2.7:5001")]
    [InlineData("http://example.org:5001")]
    [InlineData("http://[::]:5001")]
    [InlineData("http://localhost.example.org:5001")]
    public async Task Addresses_beyond_loopback_are_refused_on_both_ends(string url)
    {
        var listening = await Assert.ThrowsAsync<FabricException>(() => FabricListener.OpenAsync(new(url), 1, Cancellation));
        var connecting = await Assert.ThrowsAsync<FabricException>(() => WebSocketFabric.JoinAsync(WebSocketNodes.Options(1, [new(url), null]), null, Cancellation));
        Assert.All([listening, connecting], failure =>
        {
            Assert.Equal(FabricFailure.Usage, failure.Failure);
            Assert.Contains("there is no cluster key", failure.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("ws://127.0.0.1:5001")]
    [InlineData("http://127.0.0.1:5001/path")]
    [InlineData("http://user@127.0.0.1:5001")]
    [InlineData("ftp://127.0.0.1:5001")]
    public async Task What_is_no_address_of_a_node_is_refused(string url)
    {
        var failure = await Assert.ThrowsAsync<FabricException>(() => FabricListener.OpenAsync(new(url), 1, Cancellation));
        Assert.Contains("one looks like http://127.0.0.1:5001", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:0")]
    [InlineData("http://127.9.8.7:0")]
    public async Task Loopback_has_more_names_than_one(string url)
    {
        await using var listener = await FabricListener.OpenAsync(new(url), 1, Cancellation);
        Assert.InRange(listener.Url.Port, 1, 65535);
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(listener.Url.Host)));
    }

    [Fact]
    public async Task Cancellation_ends_a_join()
    {
        using var interrupt = new CancellationTokenSource();
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, Cancellation);
        var joining = WebSocketFabric.JoinAsync(WebSocketNodes.Options(0, [null, null]), listener, interrupt.Token);
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
    }
}
