using Trapline.Actors.Kernel;

namespace Trapline.Cluster.Placements;

/// <summary>
/// Placement by measured traffic: those that say most to one another come together as long as no node gets more than its
/// share of the work; what has come together is dealt out, the heaviest first.
/// </summary>
/// <remarks>
/// Where there are as many modelled hosts as nodes, a host is not split: the paths inside it are short, and the shortest path
/// between two nodes is their window. Otherwise single groups are what is placed.
/// </remarks>
internal static class TrafficPlacement
{
    public static Placement Of(SimulationPlan plan, int nodes, GroupTraffic traffic)
    {
        if (traffic.Groups != plan.Groups.Count)
        {
            throw new ArgumentException($"the traffic is that of {traffic.Groups} groups, the plan has {plan.Groups.Count}", nameof(traffic));
        }

        var partOfGroup = Parts(plan, nodes);
        var parts = partOfGroup.Max() + 1;
        var load = new long[parts];
        for (var group = 0; group < partOfGroup.Length; group++)
        {
            load[partOfGroup[group]] += traffic.Load(group);
        }

        var between = Between(traffic, partOfGroup);
        var clusterOfPart = Join(load, between, Share(load, nodes));
        var nodeOfPart = DealOut(load, between, clusterOfPart, nodes);
        return Placement.Of([.. partOfGroup.Select(part => nodeOfPart[part])], nodes);
    }

    /// <summary>What is not split: hosts, numbered in their order, or groups.</summary>
    private static int[] Parts(SimulationPlan plan, int nodes)
    {
        int[] hosts = [.. plan.Groups.Select(group => group.Host).Distinct().Order()];
        return hosts.Length >= nodes && nodes > 1
            ? [.. plan.Groups.Select(group => Array.BinarySearch(hosts, group.Host))]
            : [.. Enumerable.Range(0, plan.Groups.Count)];
    }

    private static SortedDictionary<(int Low, int High), long> Between(GroupTraffic traffic, int[] partOfGroup)
    {
        var between = new SortedDictionary<(int, int), long>();
        foreach (var (low, high, messages) in traffic.Pairs())
        {
            var (a, b) = (partOfGroup[low], partOfGroup[high]);
            if (a != b)
            {
                var pair = (Math.Min(a, b), Math.Max(a, b));
                between[pair] = between.GetValueOrDefault(pair) + messages;
            }
        }

        return between;
    }

    private static long Share(long[] load, int nodes) => (load.Sum() + nodes - 1) / nodes;

    /// <summary>The first part of the cluster of each part: the heaviest pairs join first, while a cluster stays within a node's share.</summary>
    private static int[] Join(long[] load, SortedDictionary<(int Low, int High), long> between, long share)
    {
        int[] cluster = [.. Enumerable.Range(0, load.Length)];
        var weight = load.ToArray();
        foreach (var ((low, high), _) in between.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            var (a, b) = (Math.Min(Root(low), Root(high)), Math.Max(Root(low), Root(high)));
            if (a != b && weight[a] + weight[b] <= share)
            {
                cluster[b] = a;
                weight[a] += weight[b];
            }
        }

        return [.. Enumerable.Range(0, load.Length).Select(Root)];

        int Root(int part)
        {
            while (cluster[part] != part)
            {
                part = cluster[part] = cluster[cluster[part]];
            }

            return part;
        }
    }

    /// <summary>The heaviest cluster first, to the node with the least work; of equal ones to that with which it talks most.</summary>
    private static int[] DealOut(long[] load, SortedDictionary<(int Low, int High), long> between, int[] clusterOfPart, int nodes)
    {
        var weight = new long[load.Length];
        for (var part = 0; part < load.Length; part++)
        {
            weight[clusterOfPart[part]] += load[part];
        }

        var nodeOfCluster = new int[load.Length];
        Array.Fill(nodeOfCluster, -1);
        var nodeLoad = new long[nodes];
        foreach (var cluster in clusterOfPart.Distinct().OrderByDescending(cluster => weight[cluster]).ThenBy(cluster => cluster))
        {
            var talk = new long[nodes];
            foreach (var ((low, high), messages) in between)
            {
                var (a, b) = (clusterOfPart[low], clusterOfPart[high]);
                var other = a == cluster ? b : b == cluster ? a : -1;
                if (other >= 0 && nodeOfCluster[other] >= 0)
                {
                    talk[nodeOfCluster[other]] += messages;
                }
            }

            var best = Enumerable.Range(0, nodes).OrderBy(node => nodeLoad[node]).ThenByDescending(node => talk[node]).ThenBy(node => node).First();
            nodeOfCluster[cluster] = best;
            nodeLoad[best] += weight[cluster];
        }

        return [.. clusterOfPart.Select(cluster => nodeOfCluster[cluster])];
    }
}
