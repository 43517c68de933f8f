using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric.Frames;

/// <summary>
/// Writes headers, and judges what came from a peer before anything is done with it. Everything read here is hostile
/// until it has passed.
/// </summary>
internal static class FrameCodec
{
    /// <summary>The longest reason of a farewell.</summary>
    internal const int MaxFarewellBytes = 2048;

    /// <summary>The longest name of a phase, in bytes of UTF-8.</summary>
    internal const int MaxPhaseBytes = 128;

    private const int ChecksumOffset = FrameHeader.Size - sizeof(uint);

    /// <summary>Fills in what is the same in every frame and writes the header in front of the payload that is there already.</summary>
    internal static void Seal(Span<byte> frame, FrameHeader header)
    {
        header.Magic = FrameHeader.ExpectedMagic;
        header.Version = FrameHeader.ExpectedVersion;
        header.PayloadBytes = (uint)(frame.Length - FrameHeader.Size);
        header.Checksum = 0;
        MemoryMarshal.Write(frame, in header);
        var checksum = Crc32C.Compute(frame[..ChecksumOffset], frame[FrameHeader.Size..]);
        MemoryMarshal.Write(frame[ChecksumOffset..], in checksum);
    }

    /// <summary>
    /// Judges a header alone, before its payload is read: after this its lengths are within the limits. Null if it is fine, else what is
    /// wrong. The checksum comes last, with the payload: a header that another version or program wrote is told first.
    /// </summary>
    internal static string? Judge(in FrameHeader header, in FrameExpectation expected, FabricLimits limits)
    {
        if (header.Magic != FrameHeader.ExpectedMagic)
        {
            return $"it begins with {header.Magic:x8}, a frame with {FrameHeader.ExpectedMagic:x8}; what is at the other end is no node of this program";
        }

        if (header.Version != FrameHeader.ExpectedVersion)
        {
            return $"it has version {header.Version} of the frame format, this node version {FrameHeader.ExpectedVersion}; run the same build on all nodes";
        }

        var limit = PayloadLimit(header.Kind, limits);
        if (limit < 0 || (header.Kind == FrameKind.Hello) != (expected.Sequence == 0) && header.Kind != FrameKind.Farewell)
        {
            return $"its kind is {(ushort)header.Kind}, which is none, or not at this point (frame {expected.Sequence} of the link)";
        }

        if (header.PayloadBytes > limit)
        {
            return $"it declares {header.PayloadBytes} bytes, more than the {limit} allowed; if that is meant, raise {LimitName(header.Kind)}";
        }

        return JudgeCounts(header, limits) ?? JudgePlace(header, expected);
    }

    /// <summary>Judges the payload with its header. Null if it is fine, else what is wrong.</summary>
    internal static string? Judge(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var head = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in header), 1))[..ChecksumOffset];
        var checksum = Crc32C.Compute(head, payload);
        if (checksum != header.Checksum)
        {
            return $"its checksum is {header.Checksum:x8}, its bytes give {checksum:x8}: it was damaged or made by hand";
        }

        return header.Kind == FrameKind.Window ? JudgeMessages(MemoryMarshal.Cast<byte, Message>(payload)) : null;
    }

    private static string? JudgeCounts(in FrameHeader header, FabricLimits limits)
    {
        if (header.Kind == FrameKind.Window)
        {
            if (header.Count > limits.MaxBatchMessages)
            {
                return $"it declares {header.Count} messages, more than the {limits.MaxBatchMessages} allowed; if that is meant, raise {nameof(FabricLimits)}.{nameof(FabricLimits.MaxBatchMessages)}";
            }

            if (header.PayloadBytes != (ulong)header.Count * Message.SizeInBytes)
            {
                return $"it declares {header.Count} messages of {Message.SizeInBytes} bytes in {header.PayloadBytes} bytes";
            }

            return header.NextDue < VirtualTime.Zero || header.Stop < VirtualTime.Zero || header.Window < 0
                ? $"window {header.Window}, next due {header.NextDue.Picoseconds} ps, stop {header.Stop.Picoseconds} ps: one of them is negative"
                : null;
        }

        if (header.Kind == FrameKind.Blob ? header.Count > Math.Min(header.PayloadBytes, MaxPhaseBytes) : header.Count != 0)
        {
            return $"its count is {header.Count}, which does not fit its kind or its {header.PayloadBytes} bytes";
        }

        return (header.Flags | (ulong)header.Window | (ulong)header.NextDue.Picoseconds | (ulong)header.Stop.Picoseconds) != 0
            ? "a field that belongs to windows alone is not zero"
            : null;
    }

    private static string? JudgePlace(in FrameHeader header, in FrameExpectation expected)
    {
        if (header.Epoch != expected.Epoch)
        {
            return $"it is of epoch {header.Epoch}, this node is in epoch {expected.Epoch}: "
                + (header.Epoch < expected.Epoch ? "its sender was left behind and must not go on" : "this node was left behind and must not go on");
        }

        if ((expected.Sender >= 0 && header.Sender != expected.Sender) || header.Receiver != expected.Receiver)
        {
            var sender = expected.Sender >= 0 ? $"node {expected.Sender}" : "a node of a higher number";
            return $"it goes from node {header.Sender} to node {header.Receiver}, not from {sender} to node {expected.Receiver}; check the nodes' numbers and addresses";
        }

        return header.Sequence != expected.Sequence
            ? $"it is frame {header.Sequence} of the link, expected was frame {expected.Sequence}"
            : null;
    }

    private static string? JudgeMessages(ReadOnlySpan<Message> messages)
    {
        for (var i = 0; i < messages.Length; i++)
        {
            ref readonly var message = ref messages[i];
            if ((message.Reserved | message.Blob) != 0 || message.Due < VirtualTime.Zero)
            {
                return $"message {i} of {messages.Length} has reserved bits {message.Reserved:x4} {message.Blob:x8} (they must be 0) or a negative time ({message.Due.Picoseconds} ps)";
            }
        }

        return null;
    }

    private static long PayloadLimit(FrameKind kind, FabricLimits limits) => kind switch
    {
        FrameKind.Hello => limits.MaxHelloBytes - FrameHeader.Size,
        FrameKind.Window or FrameKind.Blob => limits.MaxFrameBytes - FrameHeader.Size,
        FrameKind.Farewell => MaxFarewellBytes,
        _ => -1,
    };

    private static string LimitName(FrameKind kind) =>
        $"{nameof(FabricLimits)}.{(kind == FrameKind.Hello ? nameof(FabricLimits.MaxHelloBytes) : nameof(FabricLimits.MaxFrameBytes))}";
}
