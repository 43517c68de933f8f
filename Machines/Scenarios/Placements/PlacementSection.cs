using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Trapline.Machines.Scenarios.Placements;

/// <summary>The key <c>placement</c>: one run is split over nodes. No part of what the run finds, and so of no digest or fingerprint.</summary>
public sealed record PlacementSection
{
    public const string Key = "placement";

    /// <summary>Of a cluster: its nodes exchange each window with one another, all with all.</summary>
    public const int MaximumNodes = 32;

    [Description("spread: equal blocks of neighbouring groups; pack: as few nodes as hold groupsPerNode groups each; host: modelled hosts as a whole, balanced; explicit: as groups says; traffic: those that talk much together, by what was measured.")]
    public required PlacementPolicy Policy { get; init; }

    [Description("Over how many nodes. Left out, as many as the run is given; with pack as many as it needs, with explicit the greatest that groups names and one.")]
    [Range(1, MaximumNodes)]
    public int? Nodes { get; init; }

    [Description("With pack: how many groups a node holds.")]
    [Range(1, int.MaxValue)]
    public int? GroupsPerNode { get; init; }

    [Description("With explicit: names of groups, such as machine3.board, or patterns with *, such as machine3.*, to numbers of nodes from 0. The first that fits decides.")]
    public IReadOnlyList<PlacementRule> Groups { get; init; } = [];

    /// <summary>Nodes that the section asks for by itself; null where it leaves them to the run.</summary>
    public int? NodesOf(int groups) => Policy switch
    {
        PlacementPolicy.Pack when GroupsPerNode is { } limit => (groups + limit - 1) / limit,
        PlacementPolicy.Explicit => Nodes ?? Groups.Max(rule => rule.Node) + 1,
        _ => Nodes,
    };
}
