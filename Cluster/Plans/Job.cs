using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Plans;

/// <summary>One variant with one seed: what is placed as a whole, or split over nodes.</summary>
internal sealed record Job
{
    /// <summary>From 0.</summary>
    public required int Number { get; init; }

    /// <summary>Name.</summary>
    public required string Variant { get; init; }

    public required ulong Seed { get; init; }

    public JobState State { get; init; }

    /// <summary>Attempts that were begun.</summary>
    public int Attempt { get; init; }

    /// <summary>The members that carry out the attempt, by their numbers in it; the first one leads.</summary>
    public IReadOnlyList<long> Members { get; init; } = [];

    /// <summary>Where their nodes are reached, in the same order.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Epoch in which the attempt was begun; its frames carry it.</summary>
    public long Epoch { get; init; }

    /// <summary>The last ones, the newest last; an attempt begins at the newest that was there when it began.</summary>
    public IReadOnlyList<SavedCut> Checkpoints { get; init; } = [];

    /// <summary>Where this attempt began; null for the beginning.</summary>
    public SavedCut? From { get; init; }

    /// <summary>What people had done to it before this attempt.</summary>
    public IReadOnlyList<JournalEntry> Acts { get; init; } = [];

    /// <summary>The newest checkpoint when the run was to be drained, empty for none: a newer one ends the job here. Null while nobody has asked.</summary>
    public string? DrainAfter { get; init; }

    /// <summary>Attempts in a row that came to nothing and got no further than the one before.</summary>
    public int Fruitless { get; init; }

    /// <summary>Milliseconds that it ran, in the attempt that brought its results; 0 before.</summary>
    public long TookMs { get; init; }

    /// <summary>Why it failed, or why the last attempt ended.</summary>
    public string Problem { get; init; } = "";

    public bool IsOver => State is JobState.Done or JobState.Failed;
}
