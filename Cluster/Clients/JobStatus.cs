using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Clients;

/// <summary>A job as it is now.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Variant">Name.</param>
/// <param name="Seed">Of it.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c>.</param>
/// <param name="Attempt">Attempts that were begun.</param>
/// <param name="Members">That carry it out.</param>
/// <param name="BeganAtPs">Virtual picoseconds at which the attempt began: those of its checkpoint.</param>
/// <param name="Checkpoint">Its newest checkpoint; null where there is none.</param>
/// <param name="CheckpointPs">Where that was cut, picoseconds.</param>
/// <param name="Problem">Why it failed, or why the last attempt ended.</param>
public sealed record JobStatus(int Number, string Variant, ulong Seed, string State, int Attempt, IReadOnlyList<long> Members, long BeganAtPs, string? Checkpoint, long CheckpointPs, string Problem)
{
    internal static JobStatus Of(Job job)
    {
        var cut = job.Checkpoints.Count > 0 ? job.Checkpoints[^1] : null;
        return new(job.Number, job.Variant, job.Seed, job.State.ToString().ToLowerInvariant(), job.Attempt, job.Members, job.From?.AtPs ?? 0, cut?.Id, cut?.AtPs ?? 0, job.Problem);
    }
}
