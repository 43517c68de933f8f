using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>All that a holder decides by: what it has read, in one place, so that the same view always gives the same decision.</summary>
internal sealed record HolderView
{
    public required RunRow Run { get; init; }

    public required RunPlan Plan { get; init; }

    /// <summary>Null where whole variants are placed.</summary>
    public required PlacementOrder? Placement { get; init; }

    /// <summary>The holder itself.</summary>
    public required long Holder { get; init; }

    public required IReadOnlyList<Member> Members { get; init; }

    /// <summary>Of the current attempts; what cannot be read is left out.</summary>
    public required IReadOnlyList<Participant> Participants { get; init; }

    /// <summary>Jobs whose results were found.</summary>
    public required IReadOnlyCollection<int> Delivered { get; init; }

    /// <summary>Checkpoints that have become whole since the last decision.</summary>
    public IReadOnlyList<(int Job, SavedCut Cut)> NewCuts { get; init; } = [];

    /// <summary>A person wants the run to stop.</summary>
    public bool StopAsked { get; init; }

    /// <summary>A person wants it drained.</summary>
    public bool DrainAsked { get; init; }

    /// <summary>A node has seen more of the run than the database knows: what it says of it. Null where none has.</summary>
    public string? Older { get; init; }

    /// <summary>Whether the holder has seen the database without a gap for longer than a lease: only then a lapsed lease says something of its member.</summary>
    public required bool MayJudgeLeases { get; init; }

    /// <summary>Members that carry out attempts of other runs, with how many.</summary>
    public IReadOnlyDictionary<long, int> Busy { get; init; } = new Dictionary<long, int>();

    /// <summary>Whether a member can be given groups of this run.</summary>
    public bool IsUsable(Member member) => member.State == MemberState.Alive && !member.Lapsed && member.Node.Build == Run.Build;
}
