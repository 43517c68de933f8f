namespace Trapline.Cluster.Chaos;

/// <summary>How the nodes of a local cluster are started.</summary>
public sealed record LocalClusterSettings
{
    /// <summary>This program, and arguments that come before <c>node</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>For what nodes must not forget; one folder each in it.</summary>
    public required string Folder { get; init; }

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan PauseAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Variables of the nodes, beside this process's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
