using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>All that the kernel needs to know of one variant: groups, paths, seed, limits.</summary>
public sealed class SimulationPlan
{
    public SimulationPlan(IReadOnlyList<GroupPlan> groups, PathTable paths, ulong seed, SimulationLimits limits)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(limits);
        Groups = groups;
        Paths = paths;
        Seed = seed;
        Limits = limits;
        var actors = groups.Sum(group => group.Addresses.Count);
        if (actors > limits.Actors)
        {
            throw new SimulationException($"the machine has {actors} actors, the limit is {limits.Actors}: raise limits.actors");
        }

        Directory = new ActorDirectory(groups);
        (Lookahead, Limiting) = Least(_ => true);
        Greatest = GreatestLatency();
    }

    public IReadOnlyList<GroupPlan> Groups { get; }

    public PathTable Paths { get; }

    public ulong Seed { get; }

    public SimulationLimits Limits { get; }

    public ActorDirectory Directory { get; }

    /// <summary>L: the least latency over the paths that connect the groups. Never where there is one group alone.</summary>
    public VirtualTime Lookahead { get; }

    /// <summary>The path that limits <see cref="Lookahead"/>, for people; empty where there is none.</summary>
    public string Limiting { get; }

    /// <summary>E: the greatest latency over all paths; the run ends exactly this long after it was asked to end.</summary>
    public VirtualTime Greatest { get; }

    /// <summary>The longest window: L, but never longer than E, so that an end asked for inside a window lies outside it for every group.</summary>
    public VirtualTime Window => VirtualTime.Min(Lookahead, Greatest);

    /// <summary>What is wrong with a window of this length; null if it is in (0, <see cref="Window"/>].</summary>
    public string? WindowProblem(VirtualTime wanted) => wanted > VirtualTime.Zero && wanted <= Window
        ? null
        : $"a window of {wanted} is outside (0, {Window}]; {Window} is the latency of {Limiting}";

    /// <summary>The least latency over the paths between nodes; Never where all groups are on one node.</summary>
    public VirtualTime LookaheadBetween(Placement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return Least(pair => placement.NodeOf(pair.From) != placement.NodeOf(pair.To)).Latency;
    }

    private (VirtualTime Latency, string Path) Least(Func<(int From, int To), bool> counts)
    {
        var least = VirtualTime.Never;
        var name = "";
        for (var from = 0; from < Groups.Count; from++)
        {
            for (var to = 0; to < Groups.Count; to++)
            {
                var latency = Paths.Between(Groups[from].PathClass, Groups[to].PathClass).Latency;
                if (from != to && latency < least && counts((from, to)))
                {
                    least = latency;
                    name = $"{Groups[from].Name} -> {Groups[to].Name}";
                }
            }
        }

        return (least, name);
    }

    private VirtualTime GreatestLatency()
    {
        var greatest = VirtualTime.Zero;
        var classes = Groups.Select(group => group.PathClass).Distinct().ToArray();
        foreach (var from in classes)
        {
            foreach (var to in classes)
            {
                greatest = VirtualTime.Max(greatest, Paths.Between(from, to).Greatest);
            }
        }

        return greatest;
    }
}
