namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>member</c>.</summary>
internal sealed class MemberRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Endpoint { get; init; } = "";

    public string Build { get; init; } = "";

    public int Threads { get; init; }

    public int Generation { get; init; }

    public int State { get; init; }

    public int Lapsed { get; init; }

    public string Status { get; init; } = "";

    public Member Member() => new(Id, new(Name, Endpoint, Build, Threads), Generation, (MemberState)State, Lapsed != 0, Status);
}
