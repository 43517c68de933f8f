namespace Trapline.Devices.Arm;

/// <summary>Guest memory as the GIC reaches it, by guest physical address. Little-endian; every access is aligned to its width.</summary>
public interface IGuestMemory
{
    /// <summary>Whether the page of an address is memory of the guest.</summary>
    bool IsRam(ulong address);

    /// <param name="address">Guest physical, aligned to <paramref name="bytes"/>.</param>
    /// <param name="bytes">1, 2, 4 or 8.</param>
    /// <param name="value">Zero-extended; 0 where nothing was read.</param>
    /// <returns>False where there is no memory: -EFAULT.</returns>
    bool TryRead(ulong address, int bytes, out ulong value);

    /// <inheritdoc cref="TryRead"/>
    bool TryWrite(ulong address, int bytes, ulong value);
}
