namespace Trapline.Cluster.Fabric.Frames;

/// <summary>What a frame is. Numbers are part of the wire format.</summary>
internal enum FrameKind : ushort
{
    None = 0,

    /// <summary>The first frame each way: the sender's configuration.</summary>
    Hello = 1,

    /// <summary>A window's summary and messages.</summary>
    Window = 2,

    /// <summary>A payload at a named phase: the phase's name, then the payload.</summary>
    Blob = 3,

    /// <summary>The last frame of a sender: why it leaves, as text.</summary>
    Farewell = 4,
}
