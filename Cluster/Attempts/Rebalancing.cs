using Trapline.Actors.Kernel;
using Trapline.Cluster.Placements;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Cluster.Attempts;

/// <summary>Where groups should go by what all nodes measured. A pure function: every node comes to the same.</summary>
internal static class Rebalancing
{
    private static readonly PlacementSection ByTraffic = new() { Policy = PlacementPolicy.Traffic };

    /// <summary>A move halts the run: it must take this much, in percent, off the busiest node, or off what crosses.</summary>
    private const int LeastGain = 10;

    /// <returns>The placement there is, where another one would not be better.</returns>
    public static Placement Of(SimulationPlan plan, Placement here, IReadOnlyList<TrafficReport> reports)
    {
        var traffic = new GroupTraffic(plan.Groups.Count);
        foreach (var report in reports)
        {
            foreach (var load in report.Loads)
            {
                traffic.AddLoad((int)load[0], load[1]);
            }

            foreach (var pair in report.Pairs)
            {
                traffic.AddMessages((int)pair[0], (int)pair[1], pair[2]);
            }
        }

        var wanted = Renumbered(here, AttemptPlacement.Of(ByTraffic, plan, here.Nodes, traffic), traffic);
        var isLighter = Busiest(wanted, traffic) * 100 < Busiest(here, traffic) * (100 - LeastGain);
        var isQuieter = Crossing(wanted, traffic) * 100 < Crossing(here, traffic) * (100 - LeastGain) && Busiest(wanted, traffic) * 100 <= Busiest(here, traffic) * (100 + LeastGain);
        return isLighter || isQuieter ? wanted : here;
    }

    /// <summary>The same parts, on those nodes where most of their load is already: only what has to move moves.</summary>
    private static Placement Renumbered(Placement here, Placement wanted, GroupTraffic traffic)
    {
        var overlap = new long[wanted.Nodes, here.Nodes];
        for (var group = 0; group < here.Groups; group++)
        {
            overlap[wanted.NodeOf(group), here.NodeOf(group)] += traffic.Load(group);
        }

        var pairs = from part in Enumerable.Range(0, wanted.Nodes) from node in Enumerable.Range(0, here.Nodes) select (part, node);
        var nodeOfPart = new int[wanted.Nodes];
        Array.Fill(nodeOfPart, -1);
        foreach (var (part, node) in pairs.OrderByDescending(pair => overlap[pair.part, pair.node]).ThenBy(pair => pair))
        {
            if (nodeOfPart[part] < 0 && !nodeOfPart.Contains(node))
            {
                nodeOfPart[part] = node;
            }
        }

        return Placement.Of([.. wanted.NodeOfGroup.Select(part => nodeOfPart[part])], here.Nodes);
    }

    private static long Busiest(Placement placement, GroupTraffic traffic)
    {
        var load = new long[placement.Nodes];
        for (var group = 0; group < placement.Groups; group++)
        {
            load[placement.NodeOf(group)] += traffic.Load(group);
        }

        return load.Max();
    }

    private static long Crossing(Placement placement, GroupTraffic traffic) =>
        traffic.Pairs().Where(pair => placement.NodeOf(pair.Low) != placement.NodeOf(pair.High)).Sum(pair => pair.Messages);
}
