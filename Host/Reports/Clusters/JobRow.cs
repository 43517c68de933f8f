using Trapline.Cluster.Clients;

namespace Trapline.Host.Reports.Clusters;

/// <summary>One variant with one seed.</summary>
/// <param name="Variant">Name.</param>
/// <param name="Seed">Of it.</param>
/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c>.</param>
/// <param name="Attempt">Attempts that were begun: more than one after a loss.</param>
/// <param name="Nodes">That carry it out.</param>
/// <param name="Checkpoint">Its newest one; null where there is none.</param>
/// <param name="CheckpointNs">Virtual time of it.</param>
/// <param name="Problem">Why it failed, or why the attempt before ended.</param>
internal sealed record JobRow(string Variant, ulong Seed, string State, int Attempt, IReadOnlyList<string> Nodes, string? Checkpoint, decimal CheckpointNs, string Problem)
{
    public static JobRow Of(JobStatus job, MemberNames names) => new(
        job.Variant, job.Seed, job.State, job.Attempt, [.. job.Members.Select(names.Of)], job.Checkpoint, job.CheckpointPs / 1000m, job.Problem);
}
