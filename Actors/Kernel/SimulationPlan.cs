using Trapline.Actors.Faults;
using Trapline.Messages;

namespace Trapline.Actors.Kernel;

/// <summary>All that the kernel needs to know of one variant: groups, paths, seed, limits.</summary>
public sealed class SimulationPlan
{
    private readonly int[] _pathClasses;

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
        _pathClasses = [.. groups.Select(group => group.PathClass)];
        (Lookahead, Limiting) = Least(between: null);
        Greatest = GreatestLatency();
    }

    public IReadOnlyList<GroupPlan> Groups { get; }

    public PathTable Paths { get; }

    public ulong Seed { get; }

    public SimulationLimits Limits { get; }

    /// <summary>Faults that are planned for this run.</summary>
    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    public Perturbation Perturbation { get; init; } = Perturbation.None;

    /// <summary>VMs may leave their host: actors then have the rows that this needs. Other runs have none of them, and keep their digests.</summary>
    public bool IsMigratable { get; init; }

    public ActorDirectory Directory { get; }

    /// <summary>The class of a group in the path table.</summary>
    public int PathClassOf(int group) => _pathClasses[group];

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
    public VirtualTime LookaheadBetween(Placement placement) => LeastBetween(placement).Latency;

    /// <summary>As <see cref="LookaheadBetween"/>, with the path that limits it, for people.</summary>
    public (VirtualTime Latency, string Path) LeastBetween(Placement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return Least(placement);
    }

    /// <summary>The path that limits <see cref="LookaheadBetween"/>, for people; empty where there is none.</summary>
    public string LimitingBetween(Placement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return Least(placement).Path;
    }

    /// <summary>The least latency over pairs of groups, or over those on different nodes; of equal ones the first pair, for people.</summary>
    private (VirtualTime Latency, string Path) Least(Placement? between)
    {
        // All groups of one class and node are alike: their first two stand for them, and 65,536 groups are no 4 billion pairs.
        var alike = Enumerable.Range(0, Groups.Count)
            .GroupBy(group => (Groups[group].PathClass, Node: between?.NodeOf(group) ?? 0))
            .Select(groups => new AlikeGroups(groups.Key.PathClass, groups.Key.Node, groups.First(), groups.Skip(1).FirstOrDefault(-1)))
            .ToArray();
        var (least, first, second) = (VirtualTime.Never, -1, -1);
        foreach (ref readonly var source in alike.AsSpan())
        {
            foreach (ref readonly var target in alike.AsSpan())
            {
                var to = target.First != source.First ? target.First : target.Second;
                var isCandidate = to >= 0 && (between is null || source.Node != target.Node);
                var latency = isCandidate ? Paths.Between(source.PathClass, target.PathClass).Latency : VirtualTime.Never;
                if (latency < least || (latency == least && source.First == first && to < second))
                {
                    (least, first, second) = (latency, source.First, to);
                }
            }
        }

        return (least, first < 0 ? "" : $"{Groups[first].Name} -> {Groups[second].Name}");
    }

    private VirtualTime GreatestLatency()
    {
        var greatest = VirtualTime.Zero;
        var classes = Groups.Select(group => group.PathClass).Distinct().ToArray();
        foreach (var from in classes)
        {
            foreach (var to in classes)
            {
                ref readonly var path = ref Paths.Between(from, to);
                greatest = path.Exists ? VirtualTime.Max(greatest, path.Greatest) : greatest;
            }
        }

        return greatest;
    }

    /// <summary>Groups of one path class on one node: the first two of them, for none is its own neighbour; -1 where there is one.</summary>
    private readonly record struct AlikeGroups(int PathClass, int Node, int First, int Second);
}
