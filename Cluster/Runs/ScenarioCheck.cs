using Trapline.Actors.Kernel;
using Trapline.Cluster.Placements;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;

namespace Trapline.Cluster.Runs;

/// <summary>Everything about a scenario that can be found out without running it.</summary>
public static class ScenarioCheck
{
    /// <summary>Assembles the guest for every variant and plans the machines.</summary>
    /// <exception cref="RunException">Something is wrong; the message lists all errors, one per line.</exception>
    public static IReadOnlyList<Topology> Check(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return [.. scenario.Variants.Select(variant => Describe(VariantPlan.Of(scenario, variant)))];
    }

    private static Topology Describe(VariantPlan variant)
    {
        SimulationPlan plan;
        try
        {
            plan = variant.Build();
        }
        catch (SimulationException failure)
        {
            throw new RunException(RunFailure.Input, $"{variant.Scenario.Path}: variant {variant.Variant.Name}: {failure.Message}", failure);
        }

        variant.Length(smoke: true, plan.Window);
        return new Topology(
            variant.Variant.Name,
            plan.Groups.Count,
            plan.Groups.Sum(group => group.Addresses.Count),
            variant.Program.Instructions.Length,
            plan.Lookahead.IsNever ? "none" : plan.Lookahead.ToString(),
            plan.Limiting,
            plan.Greatest.ToString(),
            [.. Paths(plan)])
        {
            Hosts = TopologyHosts.Of(plan, variant.Variant.Machine),
            Placement = Split(variant, plan),
        };
    }

    private static TopologyPlacement? Split(VariantPlan variant, SimulationPlan plan)
    {
        if (variant.Scenario.Placement is not { } request)
        {
            return null;
        }

        Placement placement;
        try
        {
            placement = PlacementPolicies.Place(request, plan, nodes: 2);
        }
        catch (SimulationException failure)
        {
            throw new RunException(RunFailure.Input, $"{variant.Scenario.Path}: variant {variant.Variant.Name}: {failure.Message}", failure);
        }

        var groups = new int[placement.Nodes];
        for (var group = 0; group < plan.Groups.Count; group++)
        {
            groups[placement.NodeOf(group)]++;
        }

        var lookahead = plan.LookaheadBetween(placement);
        return new TopologyPlacement(MachineChange.WordOf(request.Policy), groups, lookahead.IsNever ? "none" : lookahead.ToString(), plan.LimitingBetween(placement));
    }

    /// <summary>Classes that differ in nothing but their host are one row; those between two hosts are rows of their own.</summary>
    private static IEnumerable<TopologyPath> Paths(SimulationPlan plan)
    {
        var classes = plan.Groups
            .GroupBy(group => group.PathClass)
            .OrderBy(groups => groups.Key)
            .Select(groups => (Class: groups.Key, groups.First().Host, Members: (long)groups.Count()))
            .ToArray();
        var rows =
            from source in classes
            from target in classes
            let count = source.Members * (source.Class == target.Class ? target.Members - 1 : target.Members)
            let path = plan.Paths.Between(source.Class, target.Class)
            where count > 0 && path.Exists
            let to = plan.Paths.ClassName(target.Class) + (source.Host == target.Host ? "" : " on another host")
            group count by (From: plan.Paths.ClassName(source.Class), To: to, Latency: path.Latency.ToString(), Jitter: path.Jitter.ToString());
        return rows.Select(row => new TopologyPath(row.Key.From, row.Key.To, row.Sum(), row.Key.Latency, row.Key.Jitter));
    }
}
