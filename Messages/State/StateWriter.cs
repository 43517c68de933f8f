using System.Buffers;
using System.Buffers.Binary;

namespace Trapline.Messages.State;

/// <summary>Writes rows as little-endian 64-bit words, byte rows packed with their length.</summary>
public sealed class StateWriter : StateSync
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public override void Row(string name, ref ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public override void Row(string name, Span<byte> values) => _buffer.Write(values);

    public void Clear() => _buffer.Clear();
}
