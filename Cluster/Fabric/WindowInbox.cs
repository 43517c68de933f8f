using System.Runtime.InteropServices;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric;

/// <summary>What all nodes said at the end of one window. Belongs to its fabric, which reuses it with the next exchange.</summary>
public sealed class WindowInbox
{
    private readonly WindowSummary[] _summaries;
    private readonly ReadOnlyMemory<byte>[] _messages;

    internal WindowInbox(int nodeCount)
    {
        _summaries = new WindowSummary[nodeCount];
        _messages = new ReadOnlyMemory<byte>[nodeCount];
    }

    public int NodeCount => _summaries.Length;

    /// <summary>The least due time over all nodes, this one included.</summary>
    public VirtualTime NextDue { get; private set; } = VirtualTime.Never;

    /// <summary>The earliest stop over all nodes, this one included.</summary>
    public VirtualTime Stop { get; private set; } = VirtualTime.Never;

    /// <summary>What that node said; for this node, what it said itself.</summary>
    public ref readonly WindowSummary Summary(int node) => ref _summaries[node];

    /// <summary>The messages that node sent here, in the order in which it added them; none from this node itself.</summary>
    public ReadOnlySpan<Message> Messages(int node) => MemoryMarshal.Cast<byte, Message>(_messages[node].Span);

    internal void Begin(int self, in WindowSummary mine)
    {
        // A peer's buffer is free for its next frame from here on; nobody may look at it through this inbox any more.
        Array.Clear(_messages);
        _summaries[self] = mine;
        NextDue = mine.NextDue;
        Stop = mine.Stop;
    }

    internal void Add(int node, in WindowSummary summary, ReadOnlyMemory<byte> messages)
    {
        _summaries[node] = summary;
        _messages[node] = messages;
        NextDue = VirtualTime.Min(NextDue, summary.NextDue);
        Stop = VirtualTime.Min(Stop, summary.Stop);
    }
}
