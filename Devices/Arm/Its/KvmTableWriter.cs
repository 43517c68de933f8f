using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>SAVE_TABLES: lists go to guest memory (spec gicv3-its 9.6). Only what exists is written; other memory stays.</summary>
internal sealed class KvmTableWriter(GicProfile profile, IGuestMemory memory, ItsRegisters registers, KvmLists lists, KvmIdCheck ids)
{
    /// <returns>0; -EFAULT where memory cannot be written; -EINVAL for a device out of its table's reach, where the profile fails there.</returns>
    public int Save()
    {
        var result = SaveDevices(ItsTable.Of(registers.Devices));
        return result == Errno.Success ? SaveCollections(ItsTable.Of(registers.Collections)) : result;
    }

    private int SaveDevices(in ItsTable table)
    {
        if (!table.IsValid)
        {
            return Errno.Success;
        }

        // A guest may have made a device unreachable, by clearing the first level above it: B30.
        var devices = lists.SortedDevices();
        var reachable = devices.FindAll(device => ids.TryDevice(device.Id, out _));
        if (reachable.Count < devices.Count && profile.SaveFailsOnUnreachable)
        {
            return Errno.InvalidArgument;
        }

        for (var i = 0; i < reachable.Count; i++)
        {
            var distance = i + 1 < reachable.Count ? reachable[i + 1].Id - reachable[i].Id : 0;
            var isSaved = TrySaveEvents(reachable[i])
                && ids.TryDevice(reachable[i].Id, out var address)
                && memory.TryWrite(address, ItsTable.EntryBytes, KvmTableFormat.OfDevice(reachable[i], distance));
            if (!isSaved)
            {
                return Errno.BadAddress;
            }
        }

        return Errno.Success;
    }

    private bool TrySaveEvents(DeviceEntry device)
    {
        var places = lists.Events.PlacesOf(device);
        uint next = 0;
        for (var i = places.Count - 1; i >= 0; i--)
        {
            // An event whose collection has gone is none: B29.
            var id = lists.Events.EventIdOf(places[i]);
            var value = 0UL;
            if (lists.CollectionOf(places[i]) is { } collection)
            {
                value = KvmTableFormat.OfEvent(lists.Events.At(places[i]).Interrupt, collection.Id, next == 0 ? 0 : next - id);
                next = id;
            }

            if (!memory.TryWrite(KvmIdCheck.AddressOf(device, id), ItsTable.EntryBytes, value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A list without gaps, and a zero behind it unless the table is full.</summary>
    private int SaveCollections(in ItsTable table)
    {
        if (!table.IsValid)
        {
            return Errno.Success;
        }

        var address = table.Base;
        var collections = lists.CreatedCollections();
        foreach (var collection in collections)
        {
            if (!memory.TryWrite(address, ItsTable.EntryBytes, KvmTableFormat.OfCollection(collection)))
            {
                return Errno.BadAddress;
            }

            address += ItsTable.EntryBytes;
        }

        return collections.Count == table.FirstLevelEntries || memory.TryWrite(address, ItsTable.EntryBytes, 0) ? Errno.Success : Errno.BadAddress;
    }
}
