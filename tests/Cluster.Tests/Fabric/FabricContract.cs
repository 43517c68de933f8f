using System.Text;
using Trapline.Cluster.Fabric;
using Trapline.Messages;
using Xunit;

namespace Trapline.Cluster.Tests.Fabric;

/// <summary>What every fabric does. An implementation passes these tests or is none.</summary>
public abstract class FabricContract
{
    private static readonly FabricLimits Impatient = new() { PeerTimeout = TimeSpan.FromSeconds(1), FarewellTimeout = TimeSpan.FromSeconds(1) };

    private protected abstract Task<IReadOnlyList<IFabric>> CreateAsync(int nodes, FabricLimits? limits, CancellationToken cancellation);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Batches_arrive_whole_in_order_and_in_their_window(int nodes)
    {
        await using var fabrics = await StartAsync(nodes);
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            for (var window = 0; window < 2000; window++)
            {
                foreach (var peer in PeersOf(fabric))
                {
                    AddMessages(fabric, peer, window, SizeOf(window, fabric.Node, peer));
                }

                var inbox = fabric.Exchange(new(window, VirtualTime.Never, VirtualTime.Never, 0));
                Assert.True(inbox.Messages(fabric.Node).IsEmpty);
                foreach (var peer in PeersOf(fabric))
                {
                    RequireMessages(inbox, fabric.Node, peer, window, SizeOf(window, peer, fabric.Node));
                    Assert.Equal(0, fabric.Outgoing(peer).Count);
                }
            }
        });
    }

    [Fact]
    public async Task Big_batches_go_both_ways_at_once_and_small_ones_follow()
    {
        const int Big = 100_000;
        await using var fabrics = await StartAsync(2);
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            var peer = 1 - fabric.Node;
            for (var window = 0; window < 6; window++)
            {
                var size = window % 2 == 0 ? Big : 1;
                AddMessages(fabric, peer, window, size);
                RequireMessages(fabric.Exchange(new(window, VirtualTime.Never, VirtualTime.Never, 0)), fabric.Node, peer, window, size);
            }
        });
    }

    [Fact]
    public async Task Due_times_stops_and_flags_arrive_and_the_inbox_tells_the_least()
    {
        await using var fabrics = await StartAsync(3);
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            for (var window = 0; window < 200; window++)
            {
                var inbox = fabric.Exchange(SummaryOf(window, fabric.Node));
                var all = Enumerable.Range(0, 3).Select(node => SummaryOf(window, node)).ToArray();
                Assert.Equal(all, Enumerable.Range(0, 3).Select(node => inbox.Summary(node)));
                Assert.Equal(all.Min(summary => summary.NextDue), inbox.NextDue);
                Assert.Equal(all.Min(summary => summary.Stop), inbox.Stop);
            }
        });
    }

    [Fact]
    public async Task Phases_carry_payloads_between_windows()
    {
        await using var fabrics = await StartAsync(3);
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            for (var round = 0; round < 5; round++)
            {
                var payloads = fabric.ExchangeBlob($"phase {round}", PayloadOf(round, fabric.Node));
                Assert.Equal(3, payloads.Count);
                for (var node = 0; node < 3; node++)
                {
                    Assert.True(payloads[node].Span.SequenceEqual(PayloadOf(round, node)));
                }

                foreach (var peer in PeersOf(fabric))
                {
                    AddMessages(fabric, peer, round, 3);
                }

                var inbox = fabric.Exchange(new(round, VirtualTime.Never, VirtualTime.Never, 0));
                Assert.All(PeersOf(fabric), peer => RequireMessages(inbox, fabric.Node, peer, round, 3));
            }
        });
    }

    [Fact]
    public async Task Nodes_at_different_phases_both_fail_and_name_both()
    {
        await using var fabrics = await StartAsync(2);
        var failures = await Lockstep.RunAsync(fabrics.All, fabric => fabric.ExchangeBlob(fabric.Node == 0 ? "results" : "checkpoint", default));
        RequireOneSays(failures, FabricFailure.Mismatch, "'results'", "'checkpoint'");
    }

    [Fact]
    public async Task Nodes_at_different_windows_both_fail_and_name_both()
    {
        await using var fabrics = await StartAsync(2);
        var failures = await Lockstep.RunAsync(fabrics.All, fabric => fabric.Exchange(new(5 + fabric.Node, VirtualTime.Zero, VirtualTime.Never, 0)));
        RequireOneSays(failures, FabricFailure.Mismatch, "window 5", "window 6");
    }

    [Fact]
    public async Task A_window_here_and_a_phase_there_both_fail()
    {
        await using var fabrics = await StartAsync(2);
        var failures = await Lockstep.RunAsync(fabrics.All, fabric =>
        {
            if (fabric.Node == 0)
            {
                fabric.Exchange(new(7, VirtualTime.Zero, VirtualTime.Never, 0));
            }
            else
            {
                fabric.ExchangeBlob("results", default);
            }
        });
        RequireOneSays(failures, FabricFailure.Mismatch, "window 7", "'results'");
    }

    [Fact]
    public async Task A_node_that_leaves_is_named_to_the_one_that_waits()
    {
        await using var fabrics = await StartAsync(2);
        var failures = await Lockstep.RunAsync(fabrics.All, fabric =>
        {
            fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0));
            if (fabric.Node == 1)
            {
                fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            else
            {
                fabric.Exchange(new(1, VirtualTime.Zero, VirtualTime.Never, 0));
            }
        });
        Assert.Null(failures[1]);
        var failure = Assert.IsType<FabricException>(failures[0]);
        Assert.Equal(FabricFailure.PeerLost, failure.Failure);
        Assert.Contains("Node 1", failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("window 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("it is done", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_sent_before_leaving_is_still_received()
    {
        await using var fabrics = await StartAsync(2);
        using var left = new ManualResetEventSlim();
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            if (fabric.Node == 0)
            {
                AddMessages(fabric, 1, 0, 1000);
            }

            var inbox = fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0));
            if (fabric.Node == 0)
            {
                fabric.DisposeAsync().AsTask().GetAwaiter().GetResult();
                left.Set();
            }
            else
            {
                Assert.True(left.Wait(Lockstep.Patience, TestContext.Current.CancellationToken));
                RequireMessages(inbox, 1, 0, 0, 1000);
            }
        });
    }

    [Fact]
    public async Task A_silent_peer_is_an_error_that_names_peer_window_and_limit()
    {
        await using var fabrics = await StartAsync(2, Impatient);
        var failures = await Lockstep.RunAsync(fabrics.All, fabric =>
        {
            if (fabric.Node == 0)
            {
                fabric.Exchange(new(3, VirtualTime.Zero, VirtualTime.Never, 0));
            }
        });
        var failure = Assert.IsType<FabricException>(failures[0]);
        Assert.Equal(FabricFailure.Timeout, failure.Failure);
        Assert.Contains("Node 1 did not send its window 3 to node 0 within 1 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FabricLimits.PeerTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ends_a_wait()
    {
        using var interrupt = new CancellationTokenSource();
        await using var fabrics = new FabricSet(await CreateAsync(2, null, interrupt.Token));
        var failures = await Lockstep.RunAsync(fabrics.All, fabric =>
        {
            if (fabric.Node == 0)
            {
                fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0));
            }
            else
            {
                interrupt.Cancel();
            }
        });
        Assert.IsAssignableFrom<OperationCanceledException>(failures[0]);
    }

    [Fact]
    public async Task Links_count_frames_bytes_and_waits_per_peer()
    {
        await using var fabrics = await StartAsync(3);
        var before = fabrics.All.Select(fabric => fabric.Links).ToArray();
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            foreach (var peer in PeersOf(fabric))
            {
                AddMessages(fabric, peer, 0, 1 + fabric.Node);
            }

            if (fabric.Node == 2)
            {
                Thread.Sleep(300);
            }

            fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0));
            fabric.ExchangeBlob("four", new byte[100]);
        });
        foreach (var fabric in fabrics.All)
        {
            Assert.Equal(PeersOf(fabric), fabric.Links.Select(link => link.Peer));
            foreach (var (link, first) in fabric.Links.Zip(before[fabric.Node]))
            {
                Assert.Equal((2, 2), (link.FramesSent - first.FramesSent, link.FramesReceived - first.FramesReceived));
                Assert.Equal(64 + (64 * (1 + fabric.Node)) + 64 + 4 + 100, link.BytesSent - first.BytesSent);
                Assert.Equal(64 + (64 * (1 + link.Peer)) + 64 + 4 + 100, link.BytesReceived - first.BytesReceived);
                var late = link.Peer == 2 && fabric.Node != 2;
                Assert.InRange(link.Waited, TimeSpan.FromMilliseconds(late ? 150 : 0), TimeSpan.FromMilliseconds(late ? 10_000 : 149));
            }
        }
    }

    [Fact]
    public async Task What_a_node_waits_for_is_told_while_it_waits()
    {
        await using var fabrics = await StartAsync(4);
        Assert.Null(fabrics.All[0].Waiting);
        using var seen = new ManualResetEventSlim();
        using var bothHaveSeen = new Barrier(2);
        var watching = Task.CompletedTask;
        await Lockstep.RunAllWellAsync(fabrics.All, fabric =>
        {
            if (fabric.Node is 1 or 3)
            {
                var wait = AwaitWaiting(fabrics.All[0], [1, 3]);
                Assert.Equal((1, 9, "window 9"), (wait.Sequence, wait.Window, wait.Step));
                Assert.InRange(wait.Elapsed, TimeSpan.Zero, Lockstep.Patience);
                // Whichever is first would send its frame, and node 0 no longer wait for both.
                Assert.True(bothHaveSeen.SignalAndWait(Lockstep.Patience, TestContext.Current.CancellationToken));
            }

            if (fabric.Node == 1)
            {
                // Node 3 alone is missing then. On a thread of its own: those of the pool may all be waiting, in other tests.
                watching = Task.Factory.StartNew(
                    () =>
                    {
                        AwaitWaiting(fabrics.All[0], [3]);
                        seen.Set();
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
            else if (fabric.Node == 3)
            {
                Assert.True(seen.Wait(Lockstep.Patience, TestContext.Current.CancellationToken));
            }

            fabric.Exchange(new(9, VirtualTime.Zero, VirtualTime.Never, 0));
        });
        await watching;
        Assert.All(fabrics.All, fabric => Assert.Null(fabric.Waiting));
    }

    [Fact]
    public async Task Abortion_ends_a_wait_at_once_and_the_peers_are_told_why()
    {
        await using var fabrics = await StartAsync(3);
        var clock = new System.Diagnostics.Stopwatch();
        var ended = new TimeSpan[3];
        var failures = await Lockstep.RunAsync(fabrics.All, fabric =>
        {
            if (fabric.Node == 2)
            {
                AwaitWaiting(fabrics.All[0], [2]);
                clock.Start();
                fabrics.All[0].Abort("attempt 3 is over");
                fabrics.All[0].Abort("too late");
            }

            try
            {
                // What node 0 sent before is whole and counts.
                fabric.Exchange(new(0, VirtualTime.Zero, VirtualTime.Never, 0));
                fabric.Exchange(new(1, VirtualTime.Zero, VirtualTime.Never, 0));
            }
            finally
            {
                ended[fabric.Node] = clock.Elapsed;
            }
        });
        var aborted = Assert.IsType<FabricException>(failures[0]);
        Assert.Equal((FabricFailure.Aborted, "Node 0 ended its part of the session: attempt 3 is over."), (aborted.Failure, aborted.Message));
        Assert.InRange(ended[0], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Null(fabrics.All[0].Waiting);
        Assert.Equal(FabricFailure.Aborted, Assert.Throws<FabricException>(() => fabrics.All[0].Exchange(new(1, VirtualTime.Zero, VirtualTime.Never, 0))).Failure);
        Assert.All(failures, failure => Assert.IsType<FabricException>(failure));
        Assert.Contains(failures, failure => ((FabricException)failure!).Failure == FabricFailure.PeerLost && failure.Message.Contains("attempt 3 is over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_batch_over_the_limit_is_refused_where_it_is_filled()
    {
        await using var fabrics = await StartAsync(2, new() { MaxBatchMessages = 10 });
        AddMessages(fabrics.All[0], 1, 0, 10);
        var failure = Assert.Throws<FabricException>(() => AddMessages(fabrics.All[0], 1, 0, 1));
        Assert.Equal(FabricFailure.LimitReached, failure.Failure);
        Assert.Contains("FabricLimits.MaxBatchMessages", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payload_over_the_limit_is_refused_where_it_is_given()
    {
        await using var fabrics = await StartAsync(2, new() { MaxFrameBytes = 4096, MaxBatchMessages = 10, MaxHelloBytes = 4096 });
        var failure = Assert.Throws<FabricException>(() => fabrics.All[0].ExchangeBlob("results", new byte[5000]));
        Assert.Contains("FabricLimits.MaxFrameBytes", failure.Message, StringComparison.Ordinal);
    }

    private async Task<FabricSet> StartAsync(int nodes, FabricLimits? limits = null) =>
        new(await CreateAsync(nodes, limits, TestContext.Current.CancellationToken));

    private static void RequireOneSays(Exception?[] failures, FabricFailure kind, params string[] parts)
    {
        // Both fail; the second may learn it from its own comparison or from the farewell of the first.
        Assert.All(failures, failure => Assert.IsType<FabricException>(failure));
        Assert.Contains(failures, failure => ((FabricException)failure!).Failure == kind
            && parts.All(part => failure.Message.Contains(part, StringComparison.Ordinal)));
    }

    private static LinkWait AwaitWaiting(IFabric fabric, int[] peers)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (clock.Elapsed < Lockstep.Patience)
        {
            if (fabric.Waiting is { } wait && wait.Peers.SequenceEqual(peers))
            {
                return wait;
            }

            Thread.Sleep(1);
        }

        throw new TimeoutException($"Node {fabric.Node} waits for {fabric.Waiting}, not for {string.Join(", ", peers)}.");
    }

    private static IEnumerable<int> PeersOf(IFabric fabric) => Enumerable.Range(0, fabric.NodeCount).Where(peer => peer != fabric.Node);

    private static int SizeOf(int window, int from, int to) => (((window * 7) + (from * 3) + to) % 11) switch
    {
        < 4 => 0,
        10 => 300,
        var few => few,
    };

    private static WindowSummary SummaryOf(int window, int node) => new(
        window,
        new(((window * 31) + (node * 17)) % 101),
        (window + node) % 4 == 0 ? new(1000 + node) : VirtualTime.Never,
        (uint)((window << 8) | node));

    private static byte[] PayloadOf(int round, int node) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{round}:{node} ", round * node * 1000)));

    private static Message MessageOf(int window, int from, int to, int index) => new()
    {
        Due = new(window + index),
        Sequence = (ulong)index,
        Source = new((uint)from),
        Target = new((uint)to),
        Kind = MessageKind.Synthetic,
        Word0 = ulong.MaxValue - (ulong)window,
        Word3 = (ulong)index * 0x9E37,
    };

    private static void AddMessages(IFabric fabric, int peer, int window, int count)
    {
        for (var i = 0; i < count; i++)
        {
            fabric.Outgoing(peer).Add(MessageOf(window, fabric.Node, peer, i));
        }
    }

    private static void RequireMessages(WindowInbox inbox, int node, int peer, int window, int count)
    {
        var messages = inbox.Messages(peer);
        Assert.Equal(count, messages.Length);
        for (var i = 0; i < count; i++)
        {
            if (!messages[i].Equals(MessageOf(window, peer, node, i)))
            {
                Assert.Fail($"Window {window}, message {i} from node {peer} is {messages[i]}.");
            }
        }
    }
}
