using System.Runtime.InteropServices;
using Trapline.Cluster.Fabric.Frames;
using Trapline.Messages;

namespace Trapline.Cluster.Fabric;

/// <summary>
/// Messages for one node, in the form in which they go over the wire: room for the frame's header, then the messages.
/// So sending copies nothing. Grows up to <see cref="FabricLimits.MaxBatchMessages"/> and keeps what it has grown to.
/// </summary>
public sealed class MessageBatch
{
    private const int InitialMessages = 64;

    private readonly int _limit;
    private byte[] _frame;

    internal MessageBatch(FabricLimits limits)
    {
        _limit = limits.MaxBatchMessages;
        _frame = NewFrame(Math.Min(InitialMessages, _limit));
    }

    public int Count { get; private set; }

    /// <summary>The messages added so far.</summary>
    public ReadOnlySpan<Message> Messages => MemoryMarshal.Cast<byte, Message>(Payload.Span);

    internal ReadOnlyMemory<byte> Payload => _frame.AsMemory(FrameHeader.Size, Count * Message.SizeInBytes);

    /// <summary>Header and messages. The header is whatever was last written there.</summary>
    internal Memory<byte> Frame => _frame.AsMemory(0, FrameHeader.Size + (Count * Message.SizeInBytes));

    public void Add(in Message message)
    {
        Reserve(1);
        MemoryMarshal.Write(_frame.AsSpan(FrameHeader.Size + (Count * Message.SizeInBytes)), in message);
        Count++;
    }

    public void AddRange(ReadOnlySpan<Message> messages)
    {
        Reserve(messages.Length);
        MemoryMarshal.AsBytes(messages).CopyTo(_frame.AsSpan(FrameHeader.Size + (Count * Message.SizeInBytes)));
        Count += messages.Length;
    }

    public void Clear() => Count = 0;

    private static byte[] NewFrame(int messages) =>
        GC.AllocateUninitializedArray<byte>(FrameHeader.Size + (messages * Message.SizeInBytes));

    private void Reserve(int more)
    {
        var needed = (long)Count + more;
        if (needed > _limit)
        {
            throw new FabricException(
                FabricFailure.LimitReached,
                $"A batch for another node would hold {needed} messages; the limit is {_limit}. Raise {nameof(FabricLimits)}.{nameof(FabricLimits.MaxBatchMessages)} "
                + $"(and {nameof(FabricLimits.MaxFrameBytes)}) on all nodes, or place groups that talk so much on one node.");
        }

        var capacity = (_frame.Length - FrameHeader.Size) / Message.SizeInBytes;
        if (needed > capacity)
        {
            var grown = NewFrame((int)Math.Min(_limit, Math.Max(needed, 2L * capacity)));
            _frame.AsSpan(0, FrameHeader.Size + (Count * Message.SizeInBytes)).CopyTo(grown);
            _frame = grown;
        }
    }
}
