using System.Diagnostics;

namespace Trapline.Cluster.Fabric.InMemory;

/// <summary>
/// Where nodes of one process meet. Each node has two frames: the one of its last exchange, which its peers may still
/// read, and the one it fills. Two are enough, because no node enters an exchange before it has done with the last.
/// </summary>
internal sealed class InMemoryHub
{
    private readonly object _changed = new();
    private readonly InMemoryFrame[,] _frames;
    private readonly long[] _published;
    private readonly long[,] _publishedAt;
    private readonly string?[] _aborted;
    private readonly string?[] _left;
    private readonly CancellationToken _cancellation;

    internal InMemoryHub(int nodeCount, FabricLimits limits, CancellationToken cancellation)
    {
        Limits = limits;
        NodeCount = nodeCount;
        _cancellation = cancellation;
        _published = new long[nodeCount];
        _publishedAt = new long[nodeCount, 2];
        _aborted = new string?[nodeCount];
        _left = new string?[nodeCount];
        _frames = new InMemoryFrame[nodeCount, 2];
        for (var node = 0; node < nodeCount; node++)
        {
            _frames[node, 0] = new(nodeCount, limits);
            _frames[node, 1] = new(nodeCount, limits);
        }

        cancellation.Register(Wake);
    }

    internal int NodeCount { get; }

    internal FabricLimits Limits { get; }

    internal InMemoryFrame Frame(int node, long sequence) => _frames[node, (int)(sequence & 1)];

    internal void Publish(int node, long sequence)
    {
        lock (_changed)
        {
            RequireGoingOn(node);
            if (_left[node] is { } reason)
            {
                throw new FabricException(FabricFailure.PeerLost, $"Node {node} has left the run already: {reason}.");
            }

            _published[node] = sequence;
            _publishedAt[node, sequence & 1] = Stopwatch.GetTimestamp();
            Monitor.PulseAll(_changed);
        }
    }

    /// <summary>The peer's frame of that number, when it is there and is for the step that <paramref name="node"/> is at.</summary>
    internal InMemoryFrame Await(int node, int peer, long sequence, Step step)
    {
        try
        {
            AwaitPublished(node, peer, sequence, step);
            var frame = Frame(peer, sequence);
            step.Require(node, peer, frame.Step);
            return frame;
        }
        catch (FabricException failure)
        {
            Leave(node, failure.Message);
            throw;
        }
    }

    /// <summary>When the peer entered that exchange, which is its last or the one before, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    internal long PublishedAt(int peer, long sequence)
    {
        lock (_changed)
        {
            return _publishedAt[peer, sequence & 1];
        }
    }

    /// <summary>The nodes that have not entered that exchange, without <paramref name="node"/> itself.</summary>
    internal IReadOnlyList<int> Missing(int node, long sequence)
    {
        lock (_changed)
        {
            return [.. Enumerable.Range(0, NodeCount).Where(peer => peer != node && _published[peer] < sequence)];
        }
    }

    internal void Abort(int node, string reason)
    {
        lock (_changed)
        {
            _aborted[node] ??= reason;
            Leave(node, reason);
        }
    }

    /// <summary>Throws where that node's session was aborted.</summary>
    internal void RequireGoingOn(int node)
    {
        lock (_changed)
        {
            if (_aborted[node] is { } aborted)
            {
                throw FabricErrors.Aborted(node, aborted);
            }
        }
    }

    internal void Leave(int node, string reason)
    {
        lock (_changed)
        {
            _left[node] ??= reason;
            Monitor.PulseAll(_changed);
        }
    }

    private void AwaitPublished(int node, int peer, long sequence, Step step)
    {
        var start = Stopwatch.GetTimestamp();
        lock (_changed)
        {
            while (_published[peer] < sequence)
            {
                _cancellation.ThrowIfCancellationRequested();
                RequireGoingOn(node);
                if (_left[peer] is { } reason)
                {
                    throw FabricErrors.PeerLeft(node, peer, step, reason);
                }

                var left = Limits.PeerTimeout - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    throw FabricErrors.Silent(node, peer, step, $"its last exchange was number {_published[peer]}, awaited was {sequence}", Limits);
                }

                Monitor.Wait(_changed, left);
            }
        }
    }

    private void Wake()
    {
        lock (_changed)
        {
            Monitor.PulseAll(_changed);
        }
    }
}
