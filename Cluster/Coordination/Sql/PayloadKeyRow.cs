namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>payload</c> without its content.</summary>
internal sealed class PayloadKeyRow
{
    public int Job { get; init; }

    public int Attempt { get; init; }

    public long Member { get; init; }

    public long Number { get; init; }

    public PayloadKey Key() => new(Job, Attempt, Member, Number);
}
