namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>request</c>.</summary>
internal sealed class RequestRow
{
    public long Id { get; init; }

    public long Run { get; init; }

    public string Request { get; init; } = "";

    public string? Answer { get; init; }

    public RunQuestion Question() => new(Id, Run, Request, Answer);
}
