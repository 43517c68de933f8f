namespace Trapline.Machines.Boards;

/// <summary>What a variant's machine looks like, for <c>validate</c>.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="Groups">How many groups.</param>
/// <param name="Actors">How many actors.</param>
/// <param name="Instructions">Instructions of the assembled guest.</param>
/// <param name="LookaheadText">L, <c>25ns</c>; <c>none</c> where there is one group alone.</param>
/// <param name="LimitingPath">The path that limits L.</param>
/// <param name="GreatestLatencyText">E.</param>
/// <param name="Paths">Each class of paths: from, to, latency, jitter.</param>
public sealed record Topology(
    string Variant,
    int Groups,
    int Actors,
    int Instructions,
    string LookaheadText,
    string LimitingPath,
    string GreatestLatencyText,
    IReadOnlyList<TopologyPath> Paths)
{
    /// <summary>How the machine lies on modelled hosts; null where the scenario does not say.</summary>
    public TopologyHosts? Hosts { get; init; }

    /// <summary>How the scenario's <c>placement</c> splits it; null where the scenario has none.</summary>
    public TopologyPlacement? Placement { get; init; }
}
