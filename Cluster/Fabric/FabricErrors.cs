namespace Trapline.Cluster.Fabric;

/// <summary>The errors that every fabric words alike.</summary>
internal static class FabricErrors
{
    internal static FabricException PeerLeft(int node, int peer, Step step, string reason) => new(
        FabricFailure.PeerLost,
        $"Node {peer} left the run while node {node} waited for its {step}. It said: {PrintableText.Of(reason.TrimEnd('.'))}. Its own output says more.")
    { Peer = peer, IsFarewell = true };

    internal static FabricException Aborted(int node, string reason) =>
        new(FabricFailure.Aborted, $"Node {node} ended its part of the session: {PrintableText.Of(reason.TrimEnd('.'))}.");

    internal static FabricException Silent(int node, int peer, Step step, string seen, FabricLimits limits) => new(
        FabricFailure.Timeout,
        $"Node {peer} did not send its {step} to node {node} within {limits.PeerTimeout.TotalSeconds:0.###} s; {seen}. "
        + $"See whether that process is paused or hangs; if its windows take longer, raise {nameof(FabricLimits)}.{nameof(FabricLimits.PeerTimeout)}.")
    { Peer = peer };
}
