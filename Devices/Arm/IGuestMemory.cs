using System.Buffers.Binary;

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

    /// <inheritdoc cref="TryRead(ulong, int, out ulong)"/>
    bool TryWrite(ulong address, int bytes, ulong value);

    /// <summary>Reads a piece of a table at once, as single bytes would be.</summary>
    /// <param name="address">Guest physical, aligned to the length.</param>
    /// <param name="bytes">A power of two of them, from 8 to 4096: a piece does not leave its page.</param>
    /// <returns>False where there is no memory for all of it.</returns>
    bool TryRead(ulong address, Span<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at += sizeof(ulong))
        {
            if (!TryRead(address + (ulong)at, sizeof(ulong), out var word))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], word);
        }

        return true;
    }
}
