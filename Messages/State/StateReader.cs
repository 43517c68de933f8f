using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Trapline.Messages.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote; input that ends early is refused with its offset.</summary>
public sealed class StateReader(ReadOnlyMemory<byte> input) : StateSync
{
    private int _offset;

    public override bool Loading => true;

    public override void Row(string name, ref ulong value) =>
        value = BinaryPrimitives.ReadUInt64LittleEndian(Take(name, 8));

    public override void Row(string name, Span<ulong> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            base.Row(name, values);
            return;
        }

        Row(name, MemoryMarshal.AsBytes(values));
    }

    public override void Row(string name, Span<byte> values) => Take(name, values.Length).CopyTo(values);

    /// <summary>Refuses what was left over: two tables of different shape must not pass for one another.</summary>
    public void Finish()
    {
        if (_offset != input.Length)
        {
            throw new StateFormatException($"{input.Length - _offset} bytes are left over after the last row, at offset {_offset}");
        }
    }

    private ReadOnlySpan<byte> Take(string name, int length)
    {
        if (input.Length - _offset < length)
        {
            throw new StateFormatException($"row '{name}': the input ends at offset {input.Length}, {length} bytes are needed at {_offset}");
        }

        var taken = input.Span.Slice(_offset, length);
        _offset += length;
        return taken;
    }
}
