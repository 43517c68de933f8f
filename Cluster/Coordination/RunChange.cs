namespace Trapline.Cluster.Coordination;

/// <summary>One commit.</summary>
/// <param name="What">One line for the log.</param>
/// <param name="Plan">The plan from now on.</param>
public sealed record RunChange(string What, string Plan)
{
    public RunPhase Phase { get; init; }

    /// <summary>Members that are declared dead with it, which raises the epoch; the holder goes on in the new one.</summary>
    public IReadOnlyList<long> Evicted { get; init; } = [];

    /// <summary>Attempts that jobs are at from now on: what older ones report or append is refused.</summary>
    public IReadOnlyList<(int Job, int Attempt)> Attempts { get; init; } = [];
}
