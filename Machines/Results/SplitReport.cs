namespace Trapline.Machines.Results;

/// <summary>How a variant went that was split over several nodes: wall times of this one run, on which nothing that it found depends.</summary>
public sealed record SplitReport
{
    /// <summary>L between nodes at the end, nanoseconds: how long their windows are at most.</summary>
    public required decimal LookaheadNs { get; init; }

    /// <summary>The path between nodes that limits it.</summary>
    public required string Limiting { get; init; }

    /// <summary>Windows that the nodes exchanged in the last attempt.</summary>
    public required long Windows { get; init; }

    /// <summary>By number of the node.</summary>
    public required IReadOnlyList<SplitNode> Nodes { get; init; }

    /// <summary>
    /// How many times as fast as one process, by the time that the nodes computed: their sum over the wall time of the last attempt. Below 1 the
    /// exchange cost more than the nodes saved. Where nodes share processors the sum counts what each waited for the other, and the figure is too high.
    /// </summary>
    public required decimal Speed { get; init; }

    /// <summary>What would make it faster; empty where nothing stands out.</summary>
    public required string Hint { get; init; }
}
