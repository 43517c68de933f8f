namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>The bytes of a 64-bit word that an access concerns; an access that is not aligned to its size is rounded down.</summary>
/// <param name="offset">Of the access, from any multiple of eight.</param>
/// <param name="size">1, 2, 4 or 8.</param>
internal readonly ref struct EiointcLane(int offset, int size)
{
    private readonly int _shift = (offset & (sizeof(ulong) - size)) * 8;

    /// <summary>The concerned bits of the word.</summary>
    public ulong Mask => ulong.MaxValue >> (64 - (size * 8)) << _shift;

    /// <summary>The bytes in the low end of a register.</summary>
    public ulong Take(ulong word) => (word & Mask) >> _shift;

    /// <summary>The low end of a register at the place of the bytes.</summary>
    public ulong Place(ulong value) => (value << _shift) & Mask;

    public void Put(ref ulong word, ulong value) => word = (word & ~Mask) | Place(value);
}
