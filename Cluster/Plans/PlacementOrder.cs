using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Cluster.Plans;

/// <summary>How the groups of one run are placed.</summary>
/// <param name="Policy">Instead of the scenario's own; null for that.</param>
/// <param name="Nodes">At most so many nodes; null for all.</param>
internal sealed record PlacementOrder(PlacementPolicy? Policy, int? Nodes);
