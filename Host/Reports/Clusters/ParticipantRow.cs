using Trapline.Cluster.Clients;

namespace Trapline.Host.Reports.Clusters;

/// <summary>What a node last said of its part in a run.</summary>
/// <param name="Variant">Number of the row in <c>jobs</c>.</param>
/// <param name="Node">Name.</param>
/// <param name="Phase"><c>joining</c>, <c>running</c>, <c>finished</c>, <c>broken</c>, <c>unable</c>, <c>failed</c>.</param>
/// <param name="Groups">That it holds.</param>
/// <param name="PositionNs">Virtual time that all nodes have reached.</param>
/// <param name="Windows">Exchanged between nodes since the attempt began.</param>
/// <param name="WindowsPerSecond">Of wall time, since the attempt began.</param>
/// <param name="WaitingShare">Of wall time, from 0 to 1: for frames of others.</param>
/// <param name="Links">To each of the others.</param>
/// <param name="WaitsFor">Nodes whose frame is longer under way than is usual.</param>
/// <param name="NotDurableSeconds">For how long nothing has become safe on disk; null where checkpoints are as they should be.</param>
/// <param name="SaidSecondsAgo">When it said so.</param>
internal sealed record ParticipantRow(
    int Variant, string Node, string Phase, int Groups, decimal PositionNs, long Windows, double WindowsPerSecond, double WaitingShare,
    IReadOnlyList<LinkRow> Links, IReadOnlyList<string> WaitsFor, double? NotDurableSeconds, double SaidSecondsAgo)
{
    private const double MillisecondsPerSecond = 1000;

    public static ParticipantRow Of(ParticipantStatus status, MemberNames names)
    {
        var elapsed = Math.Max(1, status.ElapsedMs);
        return new(
            status.Job, names.Of(status.Member), status.Phase, status.Groups, status.PositionPs / 1000m, status.Windows, status.Windows * MillisecondsPerSecond / elapsed,
            Math.Min(1, (double)status.WaitedMs / elapsed), [.. status.Links.Select(link => LinkRow.Of(link, names))], [.. status.WaitsFor.Select(names.Of)],
            status.NotDurableMs < 0 ? null : status.NotDurableMs / MillisecondsPerSecond, status.Age.TotalSeconds);
    }
}
