namespace Trapline.Devices.Common;

/// <summary>Values as they travel on a bus.</summary>
public static class BusValue
{
    /// <summary>The low bytes of a value, sign-extended to 64 bits.</summary>
    /// <param name="value">Bits above the width are ignored.</param>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    public static ulong SignExtend(ulong value, int bytes)
    {
        var shift = 64 - (bytes * 8);
        return (ulong)((long)(value << shift) >> shift);
    }

    /// <summary>A register of which a read has changed the low bytes alone.</summary>
    /// <param name="register">What it held.</param>
    /// <param name="value">Bits above the width are ignored.</param>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    public static ulong ReplaceLow(ulong register, ulong value, int bytes)
    {
        var low = ulong.MaxValue >> (64 - (bytes * 8));
        return (register & ~low) | (value & low);
    }

    /// <summary>New data but for the bytes to keep.</summary>
    /// <param name="old">Where the kept bytes come from.</param>
    /// <param name="keepBytes">Bit i set: byte i is kept. Four bits.</param>
    /// <param name="data">The new bytes.</param>
    public static uint MergeBytes(uint old, int keepBytes, uint data)
    {
        uint keep = 0;
        for (var i = 0; i < sizeof(uint); i++)
        {
            keep |= (keepBytes & (1 << i)) != 0 ? 0xFFu << (8 * i) : 0;
        }

        return (old & keep) | (data & ~keep);
    }
}
