using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric;

/// <summary>One exchange of a run, as both sides must see it: a window by its number, a payload by its phase.</summary>
internal readonly record struct Step(FrameKind Kind, long Window, string Phase)
{
    internal static Step OfWindow(long window) => new(FrameKind.Window, window, "");

    internal static Step OfBlob(string phase) => new(FrameKind.Blob, 0, phase);

    public override string ToString() => Kind switch
    {
        FrameKind.Window => $"window {Window}",
        FrameKind.Blob => $"phase '{PrintableText.Of(Phase)}'",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Throws if the peer is at another point of the run than this node.</summary>
    internal void Require(int node, int peer, in Step received)
    {
        if (this != received)
        {
            throw new FabricException(
                FabricFailure.Mismatch,
                $"Node {node} is at {this}, but node {peer} sent {received}: the two went different ways in the same run. "
                + "That must not happen with the same build and scenario; keep both nodes' output and report it.");
        }
    }
}
