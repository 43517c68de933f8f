namespace Trapline.Devices.Common.Sources;

/// <summary>
/// Offsets in the window of <see cref="DoorbellDevice"/>: the registers of QEMU's ivshmem-doorbell, its BAR 0, and after
/// them the MSI-X table and pending bits, its BAR 1 (QEMU docs/specs/ivshmem-spec.rst; hw/misc/ivshmem-pci.c).
/// </summary>
public static class DoorbellRegisters
{
    /// <summary>Of an INTx interrupt, which the device has not: reads 0, writing does nothing.</summary>
    public const int InterruptMask = 0x0;

    /// <inheritdoc cref="InterruptMask"/>
    public const int InterruptStatus = 0x4;

    /// <summary>The device's own number among its peers. Read-only.</summary>
    public const int Position = 0x8;

    /// <summary>Bits 31:16 the peer, 15:0 its vector. Writing rings; it reads 0.</summary>
    public const int Doorbell = 0xC;

    /// <summary>What follows in BAR 0 has no register: reads 0, writing does nothing.</summary>
    public const int RegistersEnd = 0x100;

    /// <summary>The MSI-X table, <see cref="MsiRegisters.EntryBytes"/> for each vector: BAR 1, which QEMU makes one page.</summary>
    public const int Table = 0x1000;

    public const int TableEnd = Table + (DoorbellDevice.MaximumVectors * MsiRegisters.EntryBytes);

    /// <summary>The pending bits, one a vector. Read-only.</summary>
    public const int PendingBits = 0x1800;

    public const int PendingEnd = PendingBits + (DoorbellDevice.MaximumVectors / 8);

    public const int End = 0x2000;

    /// <summary>The name of the register that holds a byte: <c>DOORBELL</c>, <c>MSIX_ADDR_LO[3]</c>; null where none is.</summary>
    public static string? NameOf(ulong offset) => (int)Math.Min(offset & ~3UL, End) switch
    {
        InterruptMask => "INTRMASK",
        InterruptStatus => "INTRSTATUS",
        Position => "IVPOSITION",
        Doorbell => "DOORBELL",
        >= Table and < TableEnd and var table => MsiRegisters.NameOf((ulong)(table - Table + MsiRegisters.Table)),
        >= PendingBits and < PendingEnd => "MSIX_PBA[0]",
        _ => null,
    };
}
