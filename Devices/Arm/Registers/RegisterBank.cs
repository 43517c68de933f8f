namespace Trapline.Devices.Arm.Registers;

/// <summary>A register, or an array of registers of one kind, in a frame of a GIC.</summary>
/// <param name="Offset">Of its first byte.</param>
/// <param name="Bytes">Of all of it.</param>
/// <param name="Element">Bytes of one of an array; as <paramref name="Bytes"/> for a single register.</param>
/// <param name="Name">As the architecture spells it, with the frame before it: <c>GICD_ISENABLER</c>.</param>
public sealed record RegisterBank(int Offset, int Bytes, int Element, string Name)
{
    /// <summary>Whether an offset is in it.</summary>
    public bool Covers(ulong offset) => offset - (ulong)Offset < (ulong)Bytes;

    /// <summary>The name of one: <c>GICD_ISENABLER[3]</c>.</summary>
    public string NameOf(ulong offset) => Bytes == Element ? Name : $"{Name}[{((int)offset - Offset) / Element}]";
}
