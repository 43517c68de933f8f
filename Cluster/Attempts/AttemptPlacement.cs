using Trapline.Actors.Kernel;
using Trapline.Cluster.Placements;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Cluster.Attempts;

/// <summary>
/// Placement on the nodes that an attempt has. A run that has lost nodes goes on with those that are left, whatever its scenario asked for; and one that has
/// more nodes than can share it leaves some of them without groups.
/// </summary>
internal static class AttemptPlacement
{
    /// <param name="section">The policy; null is <see cref="PlacementPolicy.Spread"/>.</param>
    /// <param name="plan">What is to be placed.</param>
    /// <param name="nodes">Of the attempt.</param>
    /// <param name="traffic">What was measured; null before anything was.</param>
    public static Placement Of(PlacementSection? section, SimulationPlan plan, int nodes, GroupTraffic? traffic = null)
    {
        var parts = section?.Policy is PlacementPolicy.Host or PlacementPolicy.Traffic
            ? plan.Groups.Select(group => group.Host).Distinct().Count()
            : plan.Groups.Count;
        var shared = Math.Min(nodes, section?.Policy == PlacementPolicy.Traffic ? plan.Groups.Count : parts);
        var placed = section?.Policy switch
        {
            PlacementPolicy.Explicit => PlacementPolicies.Explicit(plan, Math.Max(nodes, section.Groups.Max(rule => rule.Node) + 1), section.Groups),
            PlacementPolicy.Pack when section.GroupsPerNode is { } limit && (long)limit * nodes >= plan.Groups.Count => PlacementPolicies.Pack(plan, nodes, limit),
            PlacementPolicy.Traffic when traffic is null => PlacementPolicies.ByHost(plan, Math.Min(nodes, parts)),
            PlacementPolicy.Traffic or PlacementPolicy.Host => PlacementPolicies.Place(new PlacementSection { Policy = section.Policy }, plan, shared, traffic),
            _ => PlacementPolicies.Spread(plan, shared),
        };
        return Placement.Of([.. placed.NodeOfGroup.Select(node => node % nodes)], nodes);
    }
}
