using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>RESTORE_TABLES: lists come out of guest memory (spec gicv3-its 9.7). After an error there are no devices and no collections.</summary>
internal sealed class KvmTableReader(
    GicProfile profile,
    IGuestMemory memory,
    ItsRegisters registers,
    KvmTargets targets,
    KvmLists lists,
    KvmIdCheck ids,
    KvmMapCommands maps)
{
    private const int MaximumEventBits = 16;

    /// <summary>
    /// Entries read in one go: 256 full tables of events. Only a table made to keep us busy has more; it is
    /// refused as inconsistent. KVM would read on, for hours.
    /// </summary>
    private const int MaximumReads = 1 << 24;

    /// <summary>A walk has come to the end of its table; any other result ends all walks.</summary>
    private const int EndOfTable = 1;

    /// <returns>0, -EINVAL, -EEXIST, -EFAULT, -ENOMEM.</returns>
    public int Restore()
    {
        var reads = 0;
        var result = RestoreCollections(ItsTable.Of(registers.Collections));
        if (result == Errno.Success)
        {
            result = RestoreDevices(ItsTable.Of(registers.Devices), ref reads);
            if (result != Errno.Success)
            {
                lists.RemoveDevices();
            }
        }

        if (result != Errno.Success)
        {
            lists.RemoveCollections();
        }

        return result;
    }

    private int RestoreCollections(in ItsTable table)
    {
        for (var i = 0; table.IsValid && i < table.FirstLevelEntries; i++)
        {
            if (!memory.TryRead(table.Base + ((ulong)i * ItsTable.EntryBytes), ItsTable.EntryBytes, out var entry))
            {
                return Errno.BadAddress;
            }

            if ((entry & ItsTable.ValidBit) == 0)
            {
                break;
            }

            var result = RestoreCollection(entry);
            if (result != Errno.Success)
            {
                return result;
            }
        }

        return Errno.Success;
    }

    private int RestoreCollection(ulong entry)
    {
        var (id, target) = (KvmTableFormat.CollectionOf(entry), KvmTableFormat.TargetOf(entry));
        if (target != CollectionEntry.NotMapped && targets.Find(target) == LpiStore.Nobody)
        {
            return Errno.InvalidArgument;
        }

        if (lists.FindCollection(id) is not null)
        {
            return Errno.Exists;
        }

        if (!ids.TryCollection(id))
        {
            return Errno.InvalidArgument;
        }

        lists.AddCollection(id).Target = target;
        return Errno.Success;
    }

    private int RestoreDevices(in ItsTable table, ref int reads)
    {
        if (!table.IsValid)
        {
            return Errno.Success;
        }

        var result = EndOfTable;
        if (!table.IsIndirect)
        {
            result = RestorePage(table.Base, table.FirstLevelEntries, 0, ref reads);
        }

        for (var i = 0; table.IsIndirect && i < table.FirstLevelEntries && result == EndOfTable; i++)
        {
            if (!TryRead(table.Base + ((ulong)i * ItsTable.EntryBytes), ref reads, out var entry, out result))
            {
                return result;
            }

            result = (entry & ItsTable.ValidBit) == 0
                ? EndOfTable
                : RestorePage(table.PageOf(entry), table.EntriesPerPage, (uint)(i * table.EntriesPerPage), ref reads);
        }

        return result == EndOfTable ? Errno.Success : result;
    }

    /// <returns><see cref="EndOfTable"/>; 0 after the device that says it is the last; or an error.</returns>
    private int RestorePage(ulong address, int entries, uint firstId, ref int reads)
    {
        for (uint at = 0; at < (uint)entries;)
        {
            if (!TryRead(address + (at * (ulong)ItsTable.EntryBytes), ref reads, out var entry, out var result))
            {
                return result;
            }

            if ((entry & ItsTable.ValidBit) == 0)
            {
                at++;
                continue;
            }

            result = RestoreDevice(firstId + at, entry, ref reads);
            var next = KvmTableFormat.NextDevice(entry);
            if (result != Errno.Success || next == 0)
            {
                return result;
            }

            at += next;
        }

        return EndOfTable;
    }

    private int RestoreDevice(uint id, ulong entry, ref int reads)
    {
        var bits = KvmTableFormat.EventBitsOf(entry);
        if ((bits > MaximumEventBits && !profile.RestoreTakesWideDevices) || !ids.TryDevice(id, out _))
        {
            return Errno.InvalidArgument;
        }

        if (lists.FindDevice(id) is { } old)
        {
            lists.RemoveDevice(old);
        }

        return RestoreEvents(lists.AddDevice(id, KvmTableFormat.TableOf(entry), bits), ref reads);
    }

    private int RestoreEvents(DeviceEntry device, ref int reads)
    {
        // EventIDs have 16 bits, whatever a table says.
        var end = 1u << Math.Min(device.EventBits, MaximumEventBits);
        for (uint id = 0; id < end;)
        {
            if (!TryRead(KvmIdCheck.AddressOf(device, id), ref reads, out var entry, out var result))
            {
                return result;
            }

            if (KvmTableFormat.InterruptOf(entry) == 0)
            {
                id++;
                continue;
            }

            result = RestoreEvent(device, id, end, entry);
            var next = KvmTableFormat.NextEvent(entry);
            if (result != Errno.Success || next == 0)
            {
                return result;
            }

            id += next;
        }

        return Errno.Success;
    }

    private int RestoreEvent(DeviceEntry device, uint id, uint end, ulong entry)
    {
        var interrupt = KvmTableFormat.InterruptOf(entry);
        var collection = lists.FindCollection(KvmTableFormat.CollectionOf(entry));
        var isConsistent = interrupt is >= InterruptIds.FirstLpi and < InterruptIds.LpiEnd
            && id + KvmTableFormat.NextEvent(entry) < end
            && collection is not null
            && ids.TryEvent(device, id);
        return isConsistent ? maps.AddEvent(device, id, (int)interrupt, collection!) : Errno.InvalidArgument;
    }

    private bool TryRead(ulong address, ref int reads, out ulong entry, out int result)
    {
        entry = 0;
        result = Errno.InvalidArgument;
        if (reads++ >= MaximumReads)
        {
            return false;
        }

        result = Errno.BadAddress;
        return memory.TryRead(address, ItsTable.EntryBytes, out entry);
    }
}
