namespace Trapline.Machines.Boards;

/// <summary>How a variant is split over nodes, for <c>validate</c>.</summary>
/// <param name="Policy">Its word.</param>
/// <param name="Groups">How many groups each node has.</param>
/// <param name="LookaheadText">L between nodes: the least latency of the paths that cross; <c>none</c> where none does.</param>
/// <param name="LimitingPath">Which path that is; empty where none crosses.</param>
public sealed record TopologyPlacement(string Policy, IReadOnlyList<int> Groups, string LookaheadText, string LimitingPath);
