using Trapline.Cluster.Clients;

namespace Trapline.Host.Reports.Clusters;

/// <summary>A link between two nodes, since the attempt began.</summary>
/// <param name="Peer">Name of the node at its far end.</param>
/// <param name="SentBytes">To it.</param>
/// <param name="ReceivedBytes">From it.</param>
/// <param name="WaitedSeconds">For its frames.</param>
internal sealed record LinkRow(string Peer, long SentBytes, long ReceivedBytes, double WaitedSeconds)
{
    public static LinkRow Of(LinkStatus link, MemberNames names) => new(names.Of(link.Peer), link.Sent, link.Received, link.WaitedMs / 1000.0);
}
