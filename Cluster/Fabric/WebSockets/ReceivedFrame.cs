using System.Text;
using Trapline.Cluster.Fabric.Frames;

namespace Trapline.Cluster.Fabric.WebSockets;

/// <summary>One frame of a peer and the buffer it lies in, which is kept for later frames.</summary>
internal sealed class ReceivedFrame
{
    private byte[] _buffer = [];

    internal FrameHeader Header { get; set; }

    internal Memory<byte> Payload => _buffer.AsMemory(0, (int)Header.PayloadBytes);

    /// <summary>The point of the run at which the peer sent it.</summary>
    internal Step Step => Header.Kind == FrameKind.Window
        ? Step.OfWindow(Header.Window)
        : Step.OfBlob(Encoding.UTF8.GetString(Payload.Span[..(int)Header.Count]));

    /// <summary>Takes over a header whose length has been judged, and makes room for its payload.</summary>
    internal void Begin(in FrameHeader header)
    {
        Header = header;
        if (_buffer.Length < header.PayloadBytes)
        {
            // Some room to spare, so that batches that grow slowly do not allocate in each window.
            _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(int.MaxValue / 2, header.PayloadBytes + (header.PayloadBytes / 4)));
        }
    }
}
