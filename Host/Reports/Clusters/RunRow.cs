using Trapline.Cluster.Clients;

namespace Trapline.Host.Reports.Clusters;

/// <summary>A run of a cluster.</summary>
/// <param name="Run">Its number.</param>
/// <param name="Scenario">Name.</param>
/// <param name="Phase"><c>open</c>, <c>done</c>, <c>failed</c>, <c>stopped</c>.</param>
/// <param name="Epoch">Raised by each new holder and each node that was lost.</param>
/// <param name="Revision">Raised by each commit.</param>
/// <param name="Holder">Name and generation; empty where nobody holds it.</param>
/// <param name="Build">That it belongs to.</param>
/// <param name="Jobs">Its variants, with each of its seeds.</param>
/// <param name="Participants">Nodes that carry it out.</param>
internal sealed record RunRow(
    long Run, string Scenario, string Phase, long Epoch, long Revision, string Holder, string Build, IReadOnlyList<JobRow> Jobs, IReadOnlyList<ParticipantRow> Participants)
{
    public static RunRow Of(RunStatus status, MemberNames names) => new(
        status.Row.Id, status.Row.Name, status.Row.Phase.ToString().ToLowerInvariant(), status.Row.Epoch, status.Row.Revision,
        status.Row.Holder is { } holder ? names.WithGeneration(holder) : "", status.Row.Build,
        [.. status.Jobs.Select(job => JobRow.Of(job, names))],
        [.. status.Participants.OrderBy(participant => participant.Job).ThenBy(participant => participant.Member).Select(participant => ParticipantRow.Of(participant, names))]);
}
