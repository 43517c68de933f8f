namespace Trapline.Actors.Guests;

/// <summary>One assembled instruction; what the fields mean is said at each <see cref="Guests.Opcode"/>.</summary>
public readonly record struct Instruction
{
    public Opcode Opcode { get; init; }

    /// <summary>Register numbers, below <see cref="GuestArchitecture.RegisterCount"/>; register 0 reads 0 and swallows writes.</summary>
    public byte Rd { get; init; }

    public byte Rs { get; init; }

    public byte Rt { get; init; }

    public AccessWidth Width { get; init; }

    /// <summary>The second operand is <see cref="Immediate"/>, not <see cref="Rt"/>.</summary>
    public bool UsesImmediate { get; init; }

    /// <summary>Index of a name or text in the program's tables (<c>assert</c>, <c>mark</c>, <c>count</c>).</summary>
    public ushort Text { get; init; }

    public long Immediate { get; init; }
}
