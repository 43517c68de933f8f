using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Trapline.Messages.State;

/// <summary>
/// Writes rows as little-endian 64-bit words, byte rows packed with their length. What it has room for it keeps: one that is
/// cleared and filled again allocates nothing.
/// </summary>
public sealed class StateWriter : StateSync
{
    private const int FirstRoom = 1024;

    private byte[] _buffer = new byte[FirstRoom];
    private int _used;

    /// <summary>Valid until the next row, or <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _used);

    public override void Row(string name, ref ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        _used += sizeof(ulong);
    }

    public override void Row(string name, Span<ulong> values)
    {
        if (!BitConverter.IsLittleEndian)
        {
            base.Row(name, values);
            return;
        }

        Row(name, MemoryMarshal.AsBytes(values));
    }

    public override void Row(string name, Span<byte> values)
    {
        values.CopyTo(Room(values.Length));
        _used += values.Length;
    }

    public void Clear() => _used = 0;

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(checked(_used + bytes), (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
        }

        return _buffer.AsSpan(_used);
    }
}
