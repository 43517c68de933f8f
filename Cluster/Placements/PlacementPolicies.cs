using Trapline.Actors.Kernel;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Cluster.Placements;

/// <summary>
/// Which node gets which group, by each of the policies. Pure functions: the same plan gives the same placement on every node,
/// ties go to the lower index.
/// </summary>
public static class PlacementPolicies
{
    /// <summary>By what a scenario says.</summary>
    /// <param name="request">The key <c>placement</c>; null is <see cref="PlacementPolicy.Spread"/>.</param>
    /// <param name="plan">What is to be placed.</param>
    /// <param name="nodes">How many nodes the run has; the scenario's own number goes first.</param>
    /// <param name="traffic">What was measured; null before anything was. Placement by traffic begins as placement by host.</param>
    /// <exception cref="SimulationException">The plan cannot be placed so.</exception>
    public static Placement Place(PlacementSection? request, SimulationPlan plan, int nodes, GroupTraffic? traffic = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        nodes = request?.NodesOf(plan.Groups.Count) ?? nodes;
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, PlacementSection.MaximumNodes);
        return request?.Policy switch
        {
            PlacementPolicy.Pack => Pack(plan, nodes, request.GroupsPerNode ?? plan.Groups.Count),
            PlacementPolicy.Explicit => Explicit(plan, nodes, request.Groups),
            PlacementPolicy.Traffic when traffic is not null => TrafficPlacement.Of(plan, nodes, traffic),
            PlacementPolicy.Host or PlacementPolicy.Traffic => ByHost(plan, nodes),
            _ => Spread(plan, nodes),
        };
    }

    /// <summary>Equal blocks of neighbouring groups: CPUs that are near one another talk more.</summary>
    public static Placement Spread(SimulationPlan plan, int nodes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        CheckEnough(plan.Groups.Count, "groups", nodes);
        return Placement.Blocks(plan.Groups.Count, nodes);
    }

    /// <summary>Each node is filled before the next is begun: the number of groups decides, not what they do.</summary>
    public static Placement Pack(SimulationPlan plan, int nodes, int groupsPerNode)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupsPerNode, 1);
        if (plan.Groups.Count > (long)nodes * groupsPerNode)
        {
            throw new SimulationException($"{plan.Groups.Count} groups do not fit on {nodes} nodes of {groupsPerNode} groups: raise placement.groupsPerNode or placement.nodes");
        }

        return Placement.Of([.. Enumerable.Range(0, plan.Groups.Count).Select(group => group / groupsPerNode)], nodes);
    }

    /// <summary>Hosts as a whole, the largest first, each to the node with the fewest groups.</summary>
    public static Placement ByHost(SimulationPlan plan, int nodes)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var hosts = plan.Groups.Select((group, index) => (group.Host, Index: index)).GroupBy(group => group.Host).OrderByDescending(host => host.Count()).ThenBy(host => host.Key).ToArray();
        CheckEnough(hosts.Length, "modelled hosts", nodes);
        var (nodeOfGroup, load) = (new int[plan.Groups.Count], new long[nodes]);
        foreach (var host in hosts)
        {
            var node = LeastOf(load);
            foreach (var (_, group) in host)
            {
                nodeOfGroup[group] = node;
                load[node]++;
            }
        }

        return Placement.Of(nodeOfGroup, nodes);
    }

    /// <summary>The first rule that fits a group's name decides.</summary>
    public static Placement Explicit(SimulationPlan plan, int nodes, IReadOnlyList<PlacementRule> rules)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Placement.Of(
            [
                .. plan.Groups.Select(group => rules.FirstOrDefault(rule => rule.Fits(group.Name))?.Node
                    ?? throw new SimulationException($"placement.groups has no node for the group {group.Name}: add it, or '*' for all that are left")),
            ],
            nodes);
    }

    internal static int LeastOf(ReadOnlySpan<long> load)
    {
        var least = 0;
        for (var node = 1; node < load.Length; node++)
        {
            least = load[node] < load[least] ? node : least;
        }

        return least;
    }

    private static void CheckEnough(int parts, string what, int nodes)
    {
        if (parts < nodes)
        {
            throw new SimulationException($"{nodes} nodes cannot share {parts} {what}: take at most {parts} nodes, or another placement.policy");
        }
    }
}
