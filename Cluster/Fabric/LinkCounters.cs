namespace Trapline.Cluster.Fabric;

/// <summary>What went over the link to one peer so far: a snapshot.</summary>
/// <param name="Peer">The other node's number.</param>
/// <param name="FramesSent">Frames given to the link, the hello included.</param>
/// <param name="BytesSent">Bytes of those frames: headers and payloads, without what the transport adds.</param>
/// <param name="FramesReceived">Frames that came whole.</param>
/// <param name="BytesReceived">Bytes of those.</param>
/// <param name="Waited">
/// How long the simulation had to wait for this peer: from when it began to wait at a window until this peer's frame was there. Waits for
/// several peers overlap, so their sum can be more than the time that passed.
/// </param>
public readonly record struct LinkCounters(int Peer, long FramesSent, long BytesSent, long FramesReceived, long BytesReceived, TimeSpan Waited);
