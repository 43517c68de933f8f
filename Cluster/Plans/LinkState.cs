namespace Trapline.Cluster.Plans;

/// <summary>One link of a participant, since its attempt began.</summary>
/// <param name="Peer">Number within the attempt.</param>
/// <param name="Sent">Bytes.</param>
/// <param name="Received">Bytes.</param>
/// <param name="WaitedMs">For frames of this peer.</param>
internal sealed record LinkState(int Peer, long Sent, long Received, long WaitedMs);
