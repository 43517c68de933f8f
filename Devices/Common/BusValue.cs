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
}
