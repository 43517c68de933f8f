using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Clients;

/// <summary>What a node last said of its part in a job.</summary>
/// <param name="Job">Number of the job.</param>
/// <param name="Member">Who.</param>
/// <param name="Phase"><c>joining</c>, <c>running</c>, <c>finished</c>, <c>broken</c>, <c>unable</c>, <c>failed</c>.</param>
/// <param name="Groups">That it holds.</param>
/// <param name="Windows">Between nodes, exchanged since the attempt began.</param>
/// <param name="PositionPs">Virtual picoseconds that all of the job has reached.</param>
/// <param name="ElapsedMs">Since the attempt began.</param>
/// <param name="WaitedMs">Of that, for frames of others; the longest of its links.</param>
/// <param name="Sent">Bytes over all its links.</param>
/// <param name="Links">To each of the others.</param>
/// <param name="WaitsFor">Members that it waits for since longer than is usual.</param>
/// <param name="NotDurableMs">For how long nothing has become durable; negative where all is as it should be.</param>
/// <param name="Age">How long ago it said so.</param>
public sealed record ParticipantStatus(
    int Job, long Member, string Phase, int Groups, long Windows, long PositionPs, long ElapsedMs, long WaitedMs, long Sent, IReadOnlyList<LinkStatus> Links, IReadOnlyList<long> WaitsFor, long NotDurableMs, TimeSpan Age)
{
    /// <param name="report">As it was written.</param>
    /// <param name="state">What is in it.</param>
    /// <param name="members">Of the attempt, by their numbers in it.</param>
    internal static ParticipantStatus Of(ParticipantReport report, ParticipantState state, IReadOnlyList<long> members) => new(
        report.Job, report.Member, state.Phase.ToString().ToLowerInvariant(), state.Groups, state.Window, state.PositionPs, state.ElapsedMs,
        state.Links.Select(link => link.WaitedMs).DefaultIfEmpty().Max(), state.Links.Sum(link => link.Sent),
        [.. state.Links.Where(link => (uint)link.Peer < (uint)members.Count).Select(link => new LinkStatus(members[link.Peer], link.Sent, link.Received, link.WaitedMs))],
        [.. state.WaitsFor.Where(peer => (uint)peer < (uint)members.Count).Select(peer => members[peer])], state.NotDurableMs, report.Age);
}
