using Trapline.Actors.Kernel;
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
            [.. Paths(plan)]);
    }

    private static IEnumerable<TopologyPath> Paths(SimulationPlan plan)
    {
        var members = plan.Groups.GroupBy(group => group.PathClass).ToDictionary(group => group.Key, group => (long)group.Count());
        foreach (var from in members.Keys.Order())
        {
            foreach (var to in members.Keys.Order())
            {
                var count = members[from] * (from == to ? members[to] - 1 : members[to]);
                if (count > 0)
                {
                    var path = plan.Paths.Between(from, to);
                    yield return new TopologyPath(plan.Paths.ClassName(from), plan.Paths.ClassName(to), count, path.Latency.ToString(), path.Jitter.ToString());
                }
            }
        }
    }
}
