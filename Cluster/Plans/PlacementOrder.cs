namespace Trapline.Cluster.Plans;

/// <summary>How the groups of one run are placed.</summary>
/// <param name="Policy"><c>spread</c>, <c>pack</c>, <c>host</c>, <c>explicit</c>, <c>traffic</c>.</param>
/// <param name="Nodes">At most so many nodes; null for all.</param>
internal sealed record PlacementOrder(string Policy, int? Nodes);
