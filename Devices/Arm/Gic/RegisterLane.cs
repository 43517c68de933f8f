namespace Trapline.Devices.Arm.Gic;

/// <summary>An access of 4 or 8 bytes to a register of 64 bits.</summary>
/// <param name="offset">Of the access.</param>
/// <param name="size">4 or 8.</param>
internal readonly struct RegisterLane(int offset, int size)
{
    private readonly int _shift = (offset & 4) * 8;
    private readonly ulong _width = size == sizeof(ulong) ? ulong.MaxValue : uint.MaxValue;

    public ulong Take(ulong register) => (register >> _shift) & _width;

    /// <summary>The register with the accessed half replaced.</summary>
    public ulong Put(ulong register, ulong value) => (register & ~(_width << _shift)) | ((value & _width) << _shift);
}
