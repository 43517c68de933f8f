namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>payload</c> with one of its chunks; without any where it is empty.</summary>
internal sealed class PayloadRow
{
    public long Id { get; init; }

    public int Attempt { get; init; }

    public long Member { get; init; }

    public long Number { get; init; }

    public byte[]? Content { get; init; }
}
