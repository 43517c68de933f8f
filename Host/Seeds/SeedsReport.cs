namespace Trapline.Host.Seeds;

/// <summary>What <c>run --seeds</c> found: the object that it prints with <c>--json</c>.</summary>
internal sealed record SeedsReport
{
    public required string Scenario { get; init; }

    /// <summary>The first seed that was asked for.</summary>
    public required ulong First { get; init; }

    public required ulong Last { get; init; }

    /// <summary><c>done</c>, <c>failed</c> where it stopped at a failure, <c>interrupted</c>.</summary>
    public required string EndReason { get; init; }

    /// <summary>Whether a draw or a tie depended on the seed in any run.</summary>
    public required bool SeedDecided { get; init; }

    /// <summary>In the order in which they were run.</summary>
    public required IReadOnlyList<SeedRow> Seeds { get; init; }

    public required IReadOnlyList<SeedVariant> Variants { get; init; }

    public int Failed => Seeds.Count(row => row.Failures.Count > 0);
}
