namespace Trapline.Cluster.Fabric.Frames;

/// <summary>Which frame must come next on a link.</summary>
/// <param name="Sender">The peer's number; -1 while a connecting peer has not said it yet.</param>
/// <param name="Receiver">This node.</param>
/// <param name="Sequence">The frame's number on the link.</param>
/// <param name="Epoch">Of this session.</param>
internal readonly record struct FrameExpectation(int Sender, int Receiver, long Sequence, uint Epoch);
