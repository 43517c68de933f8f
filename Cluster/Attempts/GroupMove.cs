namespace Trapline.Cluster.Attempts;

/// <summary>Groups go to another node of their attempt.</summary>
/// <param name="Groups">Indices in the plan.</param>
/// <param name="Node">Number of the node within the attempt.</param>
internal sealed record GroupMove(IReadOnlyList<int> Groups, int Node);
