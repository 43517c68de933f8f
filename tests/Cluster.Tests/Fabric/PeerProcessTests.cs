using System.Diagnostics;
using System.Globalization;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>Two nodes that really are two processes.</summary>
public sealed class PeerProcessTests
{
    private const int Endless = int.MaxValue;

#if DEBUG
    // Without optimisation the state machine of every asynchronous method is an object.
    private const int BytesOfAWindow = 2_000;
#else
    // Threads of the pool come and go and allocate a little; an object per window would be 24 at least.
    private const int BytesOfAWindow = 20;
#endif

    [Fact]
    public async Task Two_processes_exchange_windows_without_allocating()
    {
        using var first = new PeerProcess(0, WebSocketNodes.AnyPort, windows: 5100, messages: 4);
        using var second = new PeerProcess(1, new(await first.ReadToAsync("listening")), windows: 5100, messages: 4);
        foreach (var process in new[] { first, second })
        {
            await process.ReadToAsync("running");
            var measured = await process.ReadToAsync("");
            TestContext.Current.SendDiagnosticMessage(measured);
            var bytes = int.Parse(measured.Split(' ')[2], CultureInfo.InvariantCulture);
            Assert.InRange(bytes, 0, BytesOfAWindow);
            Assert.Equal((0, ""), await process.EndAsync());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_killed_peer_is_an_error_at_once(int survivor)
    {
        var (first, second) = await StartPairAsync(survivor);
        using (first)
        using (second)
        {
            var (survives, dies) = survivor == 0 ? (first, second) : (second, first);
            await survives.ReadToAsync("running");
            var clock = Stopwatch.StartNew();
            dies.Kill();
            var (code, errors) = await survives.EndAsync();
            Assert.Equal(3, code);
            Assert.Contains(nameof(FabricFailure.PeerLost), errors, StringComparison.Ordinal);
            Assert.Contains($"of node {1 - survivor}", errors, StringComparison.Ordinal);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }
    }

    [Fact]
    public async Task A_paused_peer_is_a_timeout_that_names_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no signal that pauses a process.");
        var cancellation = TestContext.Current.CancellationToken;
        var listener = await FabricListener.OpenAsync(WebSocketNodes.AnyPort, 1, cancellation);
        using var peer = new PeerProcess(1, listener.Url, Endless, messages: 0);
        var limits = new FabricLimits { PeerTimeout = TimeSpan.FromSeconds(2), FarewellTimeout = TimeSpan.FromSeconds(1) };
        var options = WebSocketNodes.Options(0, [null, null], limits, new());
        await using var fabric = await WebSocketFabric.JoinAsync(options, listener, cancellation);
        var clock = new Stopwatch();
        var pausing = Task.Run(
            async () =>
            {
                await peer.ReadToAsync("running");
                peer.Pause();
                clock.Start();
            },
            cancellation);
        var failures = await Lockstep.RunAsync([fabric], node =>
        {
            for (var window = 0L; window < Endless; window++)
            {
                node.Exchange(new(window, new(window), VirtualTime.Never, 0));
            }
        });
        await pausing;
        var failure = Assert.IsType<FabricException>(failures[0]);
        Assert.Equal(FabricFailure.Timeout, failure.Failure);
        Assert.Contains("Node 1 did not send its window", failure.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static async Task<(PeerProcess First, PeerProcess Second)> StartPairAsync(int survivor)
    {
        var first = new PeerProcess(0, WebSocketNodes.AnyPort, Endless, messages: 4);
        var second = new PeerProcess(1, new(await first.ReadToAsync("listening")), Endless, messages: 4);
        await (survivor == 0 ? second : first).ReadToAsync("running");
        return (first, second);
    }
}
