namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>run_commit</c>.</summary>
internal sealed class CommitRow
{
    public long Number { get; init; }

    public long Run { get; init; }

    public long Epoch { get; init; }

    public long Revision { get; init; }

    public long Holder { get; init; }

    public string What { get; init; } = "";

    public long AtMs { get; init; }

    public CommitRecord Record() => new(Number, Run, Epoch, Revision, Holder, What, DateTimeOffset.FromUnixTimeMilliseconds(AtMs));
}
