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
/// <param name="WaitsFor">Numbers, within the attempt, of nodes that it waits for since longer than is usual.</param>
/// <param name="NotDurableMs">For how long nothing has become durable; negative where all is as it should be.</param>
/// <param name="Age">How long ago it said so.</param>
public sealed record ParticipantStatus(
    int Job, long Member, string Phase, int Groups, long Windows, long PositionPs, long ElapsedMs, long WaitedMs, long Sent, IReadOnlyList<int> WaitsFor, long NotDurableMs, TimeSpan Age)
{
    internal static ParticipantStatus Of(ParticipantReport report, ParticipantState state) => new(
        report.Job, report.Member, state.Phase.ToString().ToLowerInvariant(), state.Groups, state.Window, state.PositionPs, state.ElapsedMs,
        state.Links.Select(link => link.WaitedMs).DefaultIfEmpty().Max(), state.Links.Sum(link => link.Sent), state.WaitsFor, state.NotDurableMs, report.Age);
}
