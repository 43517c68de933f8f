using System.Buffers.Binary;
using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <summary>One data area, shared or per CPU: hands out addresses and collects the first content.</summary>
/// <param name="directive">What reserves in it, for messages.</param>
/// <param name="start">Its first address; of per-CPU areas 0.</param>
/// <param name="limit">Its bytes at most.</param>
/// <param name="large">Where what is large and has no first content goes; null if that has no place of its own.</param>
/// <param name="hasTables">What is aligned to pages has them to itself, and is a table for a device.</param>
internal sealed class DataLayout(string directive, long start, int limit, DataLayout? large = null, bool hasTables = false)
{
    private const int DefaultAlignment = 8;

    /// <summary>From this size on what has no first content lies apart: an image need not span it.</summary>
    private const int LargeBytes = 1 << 16;

    private byte[] _image = [];
    private int _imageBytes;

    public int Bytes { get; private set; }

    /// <summary>Pages of tables, a bit each, from the start of the area.</summary>
    public ushort TablePages { get; private set; }

    /// <summary>Up to the last byte that was given a value.</summary>
    public byte[] Image => _image[.._imageBytes];

    private long Start => start;

    private int Limit => limit;

    public static bool IsWidth(string name) => WidthBytes(name) > 0;

    /// <summary>Reads what follows the name: <c>bytes [, align]</c>, or a width and values.</summary>
    /// <returns>The symbol's address.</returns>
    public long Reserve(TokenReader reader, NameScope scope, ExpressionEvaluator evaluator)
    {
        var first = reader.Peek;
        var width = first.Kind == TokenKind.Name ? WidthBytes(first.Text) : 0;
        if (width > 0)
        {
            reader.Take();
            return start + Values(reader, scope, evaluator, width);
        }

        var bytes = Number(reader, scope, evaluator, 1, Math.Max(limit, large?.Limit ?? 0), "the number of bytes");
        var alignment = reader.Accept(",") ? Number(reader, scope, evaluator, 1, 1 << 16, "the alignment") : DefaultAlignment;
        if ((alignment & (alignment - 1)) != 0)
        {
            throw new StatementException(first.Position, $"the alignment {alignment} is no power of two");
        }

        reader.ExpectEnd($"the size and alignment of {directive}");
        var area = bytes >= LargeBytes && large is not null ? large : this;
        return area.Start + (hasTables && alignment >= GuestLayout.PageBytes ? TakePages(bytes, alignment, first.Position) : area.Take(bytes, alignment, first.Position));
    }

    private static int WidthBytes(string name) => name switch
    {
        "byte" => 1,
        "half" => 2,
        "word" => 4,
        "double" => 8,
        _ => 0,
    };

    private static int Number(TokenReader reader, NameScope scope, ExpressionEvaluator evaluator, int low, int high, string what)
    {
        var position = reader.Peek.Position;
        var value = evaluator.Evaluate(ExpressionParser.Parse(reader, scope));
        if (value.IsInvalid)
        {
            return low;
        }

        return value.Number >= low && value.Number <= high
            ? (int)value.Number
            : throw new StatementException(position, $"{what} is {value.Number}; it must be {low} to {high}");
    }

    private int Values(TokenReader reader, NameScope scope, ExpressionEvaluator evaluator, int width)
    {
        var position = reader.Peek.Position;
        var values = new List<long>();
        do
        {
            values.Add(OneValue(reader, scope, evaluator, width));
        }
        while (reader.Accept(","));
        reader.ExpectEnd("the values, which commas separate");
        var offset = Take(values.Count * width, DefaultAlignment, position);
        Store(offset, values, width);
        return offset;
    }

    private static long OneValue(TokenReader reader, NameScope scope, ExpressionEvaluator evaluator, int width)
    {
        var position = reader.Peek.Position;
        var value = evaluator.Evaluate(ExpressionParser.Parse(reader, scope)).Number;
        var bits = width * 8;
        if (width < 8 && (value < -(1L << (bits - 1)) || value >= 1L << bits))
        {
            throw new StatementException(position, $"{value} does not fit in {bits} bits");
        }

        return value;
    }

    private int Take(int bytes, int alignment, int position)
    {
        var offset = (Bytes + alignment - 1) / alignment * alignment;
        if (offset > limit || bytes > limit - offset)
        {
            throw new StatementException(position, $"the {directive} symbols need more than {limit} bytes together");
        }

        Bytes = offset + bytes;
        return offset;
    }

    private int TakePages(int bytes, int alignment, int position)
    {
        if (Bytes > 0 && alignment > limit)
        {
            throw new StatementException(position, $"a {directive} symbol with an alignment of {alignment} has to be the first one, ahead of those that are included: an area is not longer");
        }

        var pages = (bytes + GuestLayout.PageBytes - 1) / GuestLayout.PageBytes;
        var offset = Take(pages * GuestLayout.PageBytes, alignment, position);
        TablePages |= (ushort)(((1 << pages) - 1) << (offset / GuestLayout.PageBytes));
        return offset;
    }

    private void Store(int offset, List<long> values, int width)
    {
        var end = offset + (values.Count * width);
        if (end > _image.Length)
        {
            Array.Resize(ref _image, Math.Min(limit, Math.Max(end, _image.Length * 2)));
        }

        _imageBytes = end;
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            bytes[..width].CopyTo(_image.AsSpan(offset));
            offset += width;
        }
    }
}
