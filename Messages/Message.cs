using System.Runtime.InteropServices;

namespace Trapline.Messages;

/// <summary>
/// One message between actors: a value of 64 bytes without references, so that a batch of messages is its own wire
/// form and a queue its own snapshot. Little endian; the field order is the format.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SizeInBytes)]
public struct Message
{
    public const int SizeInBytes = 64;

    /// <summary>When the target handles it.</summary>
    public VirtualTime Due;

    /// <summary>The source's own counter: with <see cref="Source"/> it names the message for ever.</summary>
    public ulong Sequence;

    public ActorAddress Source;

    public ActorAddress Target;

    /// <summary>What the four words mean.</summary>
    public MessageKind Kind;

    /// <summary>Zero until blobs are carried; checked on the wire.</summary>
    public ushort Reserved;

    /// <summary>Zero until blobs are carried; checked on the wire.</summary>
    public uint Blob;

    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    public override readonly string ToString() =>
        $"{Due} {Source}#{Sequence} -> {Target} {Kind} {Word0:x} {Word1:x} {Word2:x} {Word3:x}";
}
