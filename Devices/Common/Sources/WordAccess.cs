namespace Trapline.Devices.Common.Sources;

/// <summary>
/// Accesses to 64-bit registers in words of four or eight bytes, as PCI devices have them: half a register is read and
/// written by itself.
/// </summary>
internal static class WordAccess
{
    /// <summary>Offset of the register that an access concerns.</summary>
    public static int RegisterOf(ulong offset) => (int)(offset & ~7UL);

    /// <summary>Whether an access has one of the two widths and is aligned to it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the window, or has no width that a bus carries.</exception>
    public static bool IsOne(ulong offset, int size, ulong window)
    {
        if (size is not (1 or 2 or 4 or 8) || offset >= window || (ulong)size > window - offset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to the device: ask Covers first");
        }

        return size >= sizeof(uint) && offset % (ulong)size == 0;
    }

    /// <summary>The bytes of a register that are read.</summary>
    public static ulong Extract(ulong register, ulong offset, int size) =>
        size == sizeof(ulong) ? register : (uint)(register >> Shift(offset));

    /// <summary>A register of which an access writes its bytes.</summary>
    public static ulong Merge(ulong register, ulong offset, int size, ulong value)
    {
        if (size == sizeof(ulong))
        {
            return value;
        }

        var mask = (ulong)uint.MaxValue << Shift(offset);
        return (register & ~mask) | ((value << Shift(offset)) & mask);
    }

    private static int Shift(ulong offset) => (int)(offset & 4) * 8;
}
