using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Nodes;

/// <summary>What people have done to a job, in all its attempts.</summary>
internal static class WrittenActs
{
    /// <summary>In the order of time. One that an attempt did again is written once.</summary>
    public static IReadOnlyList<JournalEntry> Of(ICoordination coordination, long run, int job) =>
    [
        .. coordination.Payloads(run, job, PayloadKinds.Act)
            .Select(payload => JsonSerializer.Deserialize<JournalEntry>(payload.Content, JournalJson.Options)!)
            .DistinctBy(act => (act.AtPs, act.Act))
            .OrderBy(act => act.AtPs),
    ];
}
