using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// The tables of an ITS of QEMU's, which are its state (spec gicv3-its 12.5). A failing access is -EFAULT, on which the queue stalls; an entry that is not
/// there is one of zeros, and a write to it is dropped.
/// </summary>
internal sealed class TableEntries(IGuestMemory memory, ItsRegisters registers)
{
    private const uint Ids = 0x1_0000;
    private const int HalfBytes = sizeof(uint);

    /// <summary>Bits 50:0 of a first-level entry, whatever the size of a page; of an address that is not one of an entry, the entry that it is in.</summary>
    private const ulong SecondLevelAddress = (1UL << 51) - ItsTable.EntryBytes;

    public bool HasDevice(uint deviceId) => IsIn(ItsTable.Of(registers.Devices), deviceId);

    public bool HasCollection(uint collectionId) => IsIn(ItsTable.Of(registers.Collections), collectionId);

    public int ReadDevice(uint deviceId, out TableDevice device)
    {
        var result = Read(ItsTable.Of(registers.Devices), deviceId, out var entry);
        device = new TableDevice(entry);
        return result;
    }

    public int ReadCollection(uint collectionId, out TableCollection collection)
    {
        var result = Read(ItsTable.Of(registers.Collections), collectionId, out var entry);
        collection = new TableCollection(entry);
        return result;
    }

    /// <summary>In halves, for an entry is aligned to 4 bytes alone.</summary>
    public int ReadEvent(in TableDevice device, uint eventId, out TableEvent entry)
    {
        var address = device.AddressOf(eventId);
        var isRead = memory.TryRead(address, HalfBytes, out var low) & memory.TryRead(address + HalfBytes, HalfBytes, out var high);
        entry = new TableEvent(low | (high << 32));
        return isRead ? Errno.Success : Errno.BadAddress;
    }

    public int WriteDevice(uint deviceId, ulong entry) => Write(ItsTable.Of(registers.Devices), deviceId, entry);

    public int WriteCollection(uint collectionId, ulong entry) => Write(ItsTable.Of(registers.Collections), collectionId, entry);

    /// <param name="device">Whose table.</param>
    /// <param name="eventId">Which entry.</param>
    /// <param name="entry">8 bytes.</param>
    /// <param name="doorbell">The 4 behind them.</param>
    public int WriteEvent(in TableDevice device, uint eventId, ulong entry, uint doorbell)
    {
        var address = device.AddressOf(eventId);
        var isWritten = memory.TryWrite(address, HalfBytes, (uint)entry)
            && memory.TryWrite(address + HalfBytes, HalfBytes, entry >> 32)
            && memory.TryWrite(address + (2 * HalfBytes), HalfBytes, doorbell);
        return isWritten ? Errno.Success : Errno.BadAddress;
    }

    /// <summary>A table that is not valid has no entries. QEMU counts them in 32 bits: an indirect one of 64, 128, 192 or 256 pages of 64 KiB has none.</summary>
    private static bool IsIn(in ItsTable table, uint id) => table.IsValid && id < Math.Min((uint)table.Capacity, Ids);

    private int Read(in ItsTable table, uint id, out ulong entry)
    {
        entry = 0;
        var result = Find(table, id, out var address);
        if (result != Errno.Success || address is not { } found)
        {
            return result;
        }

        return memory.TryRead(found, ItsTable.EntryBytes, out entry) ? Errno.Success : Errno.BadAddress;
    }

    private int Write(in ItsTable table, uint id, ulong entry)
    {
        var result = Find(table, id, out var address);
        if (result != Errno.Success || address is not { } found)
        {
            return result;
        }

        return memory.TryWrite(found, ItsTable.EntryBytes, entry) ? Errno.Success : Errno.BadAddress;
    }

    /// <summary>The address of an entry: null where the first level has no page for it.</summary>
    private int Find(in ItsTable table, uint id, out ulong? address)
    {
        address = table.Base + ((ulong)id * ItsTable.EntryBytes);
        if (!table.IsIndirect)
        {
            return Errno.Success;
        }

        address = null;
        var (index, rest) = (id / (uint)table.EntriesPerPage, id % (uint)table.EntriesPerPage);
        if (!memory.TryRead(table.Base + ((ulong)index * ItsTable.EntryBytes), ItsTable.EntryBytes, out var page))
        {
            return Errno.BadAddress;
        }

        if ((page & ItsTable.ValidBit) != 0)
        {
            address = (page & SecondLevelAddress) + ((ulong)rest * ItsTable.EntryBytes);
        }

        return Errno.Success;
    }
}
