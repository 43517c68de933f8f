namespace Trapline.Cluster.Fabric.InMemory;

/// <summary>What one node shows its peers at one exchange.</summary>
internal sealed class InMemoryFrame(int nodeCount, FabricLimits limits)
{
    /// <summary>By receiving node; the sender's own place stays empty.</summary>
    internal MessageBatch[] Batches { get; } = [.. Enumerable.Range(0, nodeCount).Select(_ => new MessageBatch(limits))];

    internal Step Step { get; set; }

    internal WindowSummary Summary { get; set; }

    internal ReadOnlyMemory<byte> Blob { get; set; }
}
