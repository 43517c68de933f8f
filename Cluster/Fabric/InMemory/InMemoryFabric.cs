using System.Text;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.InMemory;

/// <summary>
/// Nodes within one process: the reference for what a fabric does, and the one for tests of what stands on it. Frames
/// are handed over, not encoded.
/// </summary>
public sealed class InMemoryFabric : IFabric
{
    private readonly InMemoryHub _hub;
    private readonly WindowInbox _inbox;
    private readonly LinkMeter[] _meters;
    private readonly WaitPoint _wait = new();
    private long _sequence;

    private InMemoryFabric(InMemoryHub hub, int node)
    {
        _hub = hub;
        _inbox = new(hub.NodeCount);
        _meters = [.. Enumerable.Range(0, hub.NodeCount).Select(_ => new LinkMeter())];
        Node = node;
    }

    public int Node { get; }

    public int NodeCount => _hub.NodeCount;

    /// <summary>Bytes are those that the frames would have on a wire.</summary>
    public IReadOnlyList<LinkCounters> Links => [.. Enumerable.Range(0, NodeCount).Where(peer => peer != Node).Select(peer => _meters[peer].Snapshot(peer))];

    public LinkWait? Waiting => _wait.Snapshot(sequence => _hub.Missing(Node, sequence));

    /// <summary>All nodes of one run. Each is used by a thread of its own.</summary>
    public static IReadOnlyList<InMemoryFabric> CreateAll(int nodeCount, FabricLimits? limits = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodeCount, 1);
        limits ??= FabricLimits.Default;
        limits.Validate();
        var hub = new InMemoryHub(nodeCount, limits, cancellation);
        return [.. Enumerable.Range(0, nodeCount).Select(node => new InMemoryFabric(hub, node))];
    }

    public MessageBatch Outgoing(int node)
    {
        FabricArguments.RequirePeer(Node, NodeCount, node);
        return _hub.Frame(Node, _sequence + 1).Batches[node];
    }

    public WindowInbox Exchange(in WindowSummary mine)
    {
        FabricArguments.RequireSummary(mine);
        _inbox.Begin(Node, mine);
        var step = Step.OfWindow(mine.Window);
        Publish(step, mine, default);
        for (var peer = 0; peer < NodeCount; peer++)
        {
            if (peer != Node)
            {
                var frame = Await(peer, step);
                _meters[peer].CountReceived(FrameHeader.Size + frame.Batches[Node].Payload.Length);
                _inbox.Add(peer, frame.Summary, frame.Batches[Node].Payload);
            }
        }

        _wait.End();
        EmptyNextBatches();
        return _inbox;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> ExchangeBlob(string phase, ReadOnlyMemory<byte> mine)
    {
        FabricArguments.RequireBlob(phase, mine.Length, _hub.Limits);
        RequireNothingPending(phase);
        var step = Step.OfBlob(phase);
        var all = new ReadOnlyMemory<byte>[NodeCount];
        all[Node] = mine;
        Publish(step, default, mine.ToArray());
        var nameBytes = Encoding.UTF8.GetByteCount(phase);
        for (var peer = 0; peer < NodeCount; peer++)
        {
            if (peer != Node)
            {
                all[peer] = Await(peer, step).Blob;
                _meters[peer].CountReceived(FrameHeader.Size + nameBytes + all[peer].Length);
            }
        }

        _wait.End();
        EmptyNextBatches();
        return all;
    }

    public void Abort(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        _hub.Abort(Node, reason);
    }

    public ValueTask DisposeAsync()
    {
        _hub.Leave(Node, "it is done");
        return ValueTask.CompletedTask;
    }

    private void Publish(Step step, in WindowSummary summary, ReadOnlyMemory<byte> blob)
    {
        _sequence++;
        var frame = _hub.Frame(Node, _sequence);
        frame.Step = step;
        frame.Summary = summary;
        frame.Blob = blob;
        var phaseBytes = Encoding.UTF8.GetByteCount(step.Phase);
        for (var peer = 0; peer < NodeCount; peer++)
        {
            _meters[peer].CountSent(FrameHeader.Size + phaseBytes + blob.Length + frame.Batches[peer].Payload.Length);
        }

        _hub.Publish(Node, _sequence);
        _wait.Begin(_sequence, step);
    }

    private InMemoryFrame Await(int peer, Step step)
    {
        InMemoryFrame frame;
        try
        {
            frame = _hub.Await(Node, peer, _sequence, step);
        }
        catch
        {
            _wait.End();
            throw;
        }

        _meters[peer].CountWait(_wait.Since, _hub.PublishedAt(peer, _sequence));
        return frame;
    }

    /// <summary>What was sent one exchange ago has been read: all peers have entered this one.</summary>
    private void EmptyNextBatches()
    {
        foreach (var batch in _hub.Frame(Node, _sequence + 1).Batches)
        {
            batch.Clear();
        }
    }

    private void RequireNothingPending(string phase) =>
        FabricArguments.RequireNothingPending(phase, _hub.Frame(Node, _sequence + 1).Batches.Sum(batch => batch.Count));
}
