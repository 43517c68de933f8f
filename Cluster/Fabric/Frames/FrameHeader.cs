using System.Runtime.InteropServices;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric.Frames;

/// <summary>
/// The first 64 bytes of every frame, little endian; the field order is the format. The payload follows:
/// <see cref="PayloadBytes"/> bytes, so that messages lie on multiples of 64 from the frame's start.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Size)]
internal struct FrameHeader
{
    internal const int Size = 64;

    /// <summary>"TRPL" in ASCII.</summary>
    internal const uint ExpectedMagic = 0x4C50_5254;

    /// <summary>Raised with every change of the format, of <see cref="Message"/> too.</summary>
    internal const ushort ExpectedVersion = 2;

    public uint Magic;
    public ushort Version;
    public FrameKind Kind;

    /// <summary>The sending node.</summary>
    public ushort Sender;

    /// <summary>The node it is for.</summary>
    public ushort Receiver;

    /// <summary>Window: the caller's flags. Others: 0.</summary>
    public uint Flags;

    /// <summary>The frame's number on this link and way: the hello has 0.</summary>
    public long Sequence;

    /// <summary>Window: its number. Others: 0.</summary>
    public long Window;

    /// <summary>Window: the least due time on the sender, ps. Others: 0.</summary>
    public VirtualTime NextDue;

    /// <summary>Window: when all must stop, ps. Others: 0.</summary>
    public VirtualTime Stop;

    public uint PayloadBytes;

    /// <summary>Window: messages. Blob: bytes of the phase's name, with which the payload begins. Others: 0.</summary>
    public uint Count;

    /// <summary>The run's epoch; 0 outside a cluster.</summary>
    public uint Epoch;

    /// <summary>CRC-32C of the 60 bytes before, then the payload.</summary>
    public uint Checksum;
}
