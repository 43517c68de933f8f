namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>run</c>.</summary>
internal sealed class StoredRun
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Build { get; init; } = "";

    public int Phase { get; init; }

    public long Epoch { get; init; }

    public long? Holder { get; init; }

    public int Lapsed { get; init; }

    public long Revision { get; init; }

    public string Plan { get; init; } = "";

    public RunRow Run() => new(Id, Name, Build, (RunPhase)Phase, Epoch, Holder, Lapsed != 0, Revision, Plan);
}
