namespace Trapline.Cluster.Clients;

/// <summary>One link of a participant, since its attempt began.</summary>
/// <param name="Peer">Member at its far end.</param>
/// <param name="Sent">Bytes.</param>
/// <param name="Received">Bytes.</param>
/// <param name="WaitedMs">For frames of this peer.</param>
public sealed record LinkStatus(long Peer, long Sent, long Received, long WaitedMs);
