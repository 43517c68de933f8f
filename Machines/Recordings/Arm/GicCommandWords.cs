using System.Buffers.Binary;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>An ITS command as four little-endian words.</summary>
internal readonly record struct GicCommandWords(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    public const int Bytes = 4 * sizeof(ulong);

    /// <summary>One of the words, 0 to 3.</summary>
    public ulong this[int index] => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => Fourth,
    };

    /// <summary>From memory.</summary>
    public static GicCommandWords Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(2 * sizeof(ulong))..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[(3 * sizeof(ulong))..]));

    /// <summary>64 hexadecimal digits in the order of memory.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        for (var i = 0; i < Bytes / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], this[i]);
        }

        return Convert.ToHexStringLower(bytes);
    }
}
