namespace Trapline.Cluster.Coordination.Sql;

/// <summary>A row of the table <c>report</c>, with its age.</summary>
internal sealed class ReportRow
{
    public long Run { get; init; }

    public int Job { get; init; }

    public int Attempt { get; init; }

    public long Member { get; init; }

    public string Content { get; init; } = "";

    public long AgeMs { get; init; }

    /// <summary>Nothing is younger than now, even where a server's clock was set back.</summary>
    public ParticipantReport Report() => new(Run, Job, Attempt, Member, Content, TimeSpan.FromMilliseconds(Math.Max(0, AgeMs)));
}
