using Trapline.Cluster.Fabric.Frames;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric;

/// <summary>What a fabric may use and how long it waits. All nodes of a run should have the same.</summary>
public sealed record FabricLimits
{
    /// <summary>Nodes of one session. Every node has a link to every other, so links grow with the square.</summary>
    public const int MaxNodes = 32;

    public static readonly FabricLimits Default = new();

    /// <summary>Bytes of one frame, header included. A node holds up to three such frames per peer.</summary>
    public int MaxFrameBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Bytes of frames that a node has given to its links and that their peers may not have taken yet, over all peers. At this limit the
    /// simulation stops at its window until they have: a slow peer costs time, never memory. A single frame is never cut; what
    /// does not fit <see cref="MaxFrameBytes"/> is refused where the batch is filled.
    /// </summary>
    public long MaxQueuedBytes { get; init; } = 256L << 20;

    /// <summary>Messages from one node to another in one window.</summary>
    public int MaxBatchMessages { get; init; } = 1_000_000;

    /// <summary>Bytes of a peer's first frame: what it is and how it is configured.</summary>
    public int MaxHelloBytes { get; init; } = 64 << 10;

    /// <summary>From the start of joining until all peers have said hello.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For one frame of one peer, from when this node begins to wait for it until all of it is here: so it bounds a
    /// silent peer and one that sends byte by byte, and must be longer than any node computes on one window.
    /// </summary>
    public TimeSpan PeerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For saying goodbye to a peer, which may not listen any more.</summary>
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentException">A limit is out of its range; the message says which and what it may be.</exception>
    public void Validate()
    {
        Check(MaxFrameBytes is >= 4096 and <= 1 << 30, nameof(MaxFrameBytes), MaxFrameBytes, "4096 to 2^30");
        Check(MaxHelloBytes >= 1024 && MaxHelloBytes <= MaxFrameBytes, nameof(MaxHelloBytes), MaxHelloBytes, "1024 to MaxFrameBytes");
        var fits = (MaxFrameBytes - FrameHeader.Size) / Message.SizeInBytes;
        Check(MaxBatchMessages >= 1 && MaxBatchMessages <= fits, nameof(MaxBatchMessages), MaxBatchMessages, $"1 to {fits}, what a frame of MaxFrameBytes holds");
        Check(MaxQueuedBytes >= MaxFrameBytes, nameof(MaxQueuedBytes), MaxQueuedBytes, "MaxFrameBytes or more");
        CheckTime(HelloTimeout, nameof(HelloTimeout));
        CheckTime(PeerTimeout, nameof(PeerTimeout));
        CheckTime(FarewellTimeout, nameof(FarewellTimeout));
    }

    private static void CheckTime(TimeSpan time, string name) =>
        Check(time > TimeSpan.Zero && time <= TimeSpan.FromDays(1), name, time, "more than nothing, at most a day");

    private static void Check(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentException($"{nameof(FabricLimits)}.{name} is {value}; it may be {range}.");
        }
    }
}
