using Trapline.Persistence;

namespace Trapline.Cluster.Nodes;

/// <summary>What a participant has staged of a cut.</summary>
/// <param name="AtPs">The cut, picoseconds.</param>
/// <param name="Parts">Of its groups, in the order of the plan.</param>
internal sealed record StagedCut(long AtPs, IReadOnlyList<StoredPart> Parts)
{
    /// <summary>The stage of a cut, the same for all participants; a prefix of it is that of an attempt.</summary>
    public static string Stage(long run, int job, int attempt, int number) => $"{StageOfJob(run, job)}{attempt}/{number}";

    public static string StageOfJob(long run, int job) => $"run{run}/job{job}/";
}
