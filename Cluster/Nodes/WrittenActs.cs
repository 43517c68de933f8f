using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Nodes;

/// <summary>What people have done to a job, in all its attempts.</summary>
internal static class WrittenActs
{
    /// <summary>What the run was submitted with and what was done since, in the order of time. One that an attempt did again is there once.</summary>
    public static IReadOnlyList<JournalEntry> Of(ICoordination coordination, long run, RunSpecification specification, Job job) => Ordered(
    [
        .. specification.Acts.Where(act => act.Variant == job.Variant),
        .. job.Acts,
        .. Done(coordination, run, job.Number),
    ]);

    /// <summary>What was done since the run was submitted, in the order of time.</summary>
    public static IReadOnlyList<JournalEntry> Since(ICoordination coordination, long run, int job) => Ordered(Done(coordination, run, job));

    private static IEnumerable<JournalEntry> Done(ICoordination coordination, long run, int job) =>
        coordination.Payloads(run, job, PayloadKinds.Act).Select(payload => JsonSerializer.Deserialize<JournalEntry>(payload.Content, JournalJson.Options)!);

    private static IReadOnlyList<JournalEntry> Ordered(IEnumerable<JournalEntry> acts) => [.. acts.DistinctBy(act => (act.AtPs, act.Act)).OrderBy(act => act.AtPs)];
}
