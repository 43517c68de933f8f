using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>The commands that make and end mappings, as KVM executes them: MAPD, MAPC, MAPTI, MAPI (spec gicv3-its 7.4).</summary>
internal sealed class KvmMapCommands(GicProfile profile, IGuestMemory memory, KvmTargets targets, KvmLpis lpis, KvmLists lists, KvmIdCheck ids)
{
    private const int MaximumEventBits = 16;

    /// <summary>A device that is there loses its events, also by a mapping. What CPU interfaces have of them is still delivered.</summary>
    public int Mapd(in ItsCommand command)
    {
        if (!ids.TryDevice(command.DeviceId, out var address))
        {
            return ItsErrors.MapdDeviceOutOfRange;
        }

        if (command.IsValid && command.EventBits > MaximumEventBits)
        {
            return ItsErrors.MapdTableSizeOutOfRange;
        }

        if (lists.FindDevice(command.DeviceId) is { } old)
        {
            lists.RemoveDevice(old);
        }

        if (command.IsValid)
        {
            lists.AddDevice(command.DeviceId, command.TableAddress, command.EventBits);
            return Errno.Success;
        }

        return ClearEntry(address);
    }

    /// <summary>The entry in memory of a mapping that has ended.</summary>
    public int ClearEntry(ulong address) =>
        profile.UnmapLeavesMemory || memory.TryWrite(address, ItsTable.EntryBytes, 0) ? Errno.Success : Errno.BadAddress;

    /// <summary>A collection that goes elsewhere takes its LPIs along.</summary>
    public void CollectRecallsOfMapc(in ItsCommand command, List<Recall> recalls)
    {
        var target = targets.Find(command.Target);
        if (!command.IsValid || target == LpiStore.Nobody || lists.FindCollection(command.Collection) is not { } collection)
        {
            return;
        }

        foreach (var interrupt in lists.InterruptsOf(collection))
        {
            lpis.CollectRecallsForMove(interrupt, target, recalls);
        }
    }

    public int Mapc(in ItsCommand command)
    {
        var collection = lists.FindCollection(command.Collection);
        if (!command.IsValid)
        {
            if (collection is not null)
            {
                lists.RemoveCollection(collection);
            }

            lists.EmptyCache();
            return Errno.Success;
        }

        var target = targets.Find(command.Target);
        if (target == LpiStore.Nobody)
        {
            return ItsErrors.MapcProcessorOutOfRange;
        }

        if (collection is null)
        {
            if (!ids.TryCollection(command.Collection))
            {
                return ItsErrors.MapcCollectionOutOfRange;
            }

            lists.AddCollection(command.Collection).Target = command.Target;
            return Errno.Success;
        }

        collection.Target = command.Target;
        foreach (var interrupt in lists.InterruptsOf(collection))
        {
            lpis.Retarget(interrupt, target);
        }

        return Errno.Success;
    }

    /// <summary>An event that is mapped stays as it is; a collection that is not known is made, without a target.</summary>
    public int Mapti(in ItsCommand command)
    {
        if (lists.FindDevice(command.DeviceId) is not { } device)
        {
            return ItsErrors.MaptiUnmappedDevice;
        }

        if (!ids.TryEvent(device, command.EventId))
        {
            return ItsErrors.MaptiEventOutOfRange;
        }

        if (command.InterruptId < InterruptIds.FirstLpi || command.InterruptId >= (uint)lpis.Limit)
        {
            return ItsErrors.MaptiInterruptOutOfRange;
        }

        if (lists.Events.Find(command.DeviceId, command.EventId) != EventTable.None)
        {
            return Errno.Success;
        }

        if (lists.FindCollection(command.Collection) is { } collection)
        {
            return AddEvent(device, command.EventId, (int)command.InterruptId, collection);
        }

        if (!ids.TryCollection(command.Collection))
        {
            return ItsErrors.MapcCollectionOutOfRange;
        }

        collection = lists.AddCollection(command.Collection);
        var result = AddEvent(device, command.EventId, (int)command.InterruptId, collection);
        if (result != Errno.Success)
        {
            lists.RemoveCollection(collection);
        }

        return result;
    }

    /// <summary>The event and its reference to an LPI, both or neither.</summary>
    /// <returns>0, -ENOMEM beyond <see cref="EventTable.Maximum"/>, -EFAULT where the LPI's tables cannot be read.</returns>
    public int AddEvent(DeviceEntry device, uint eventId, int interrupt, CollectionEntry collection)
    {
        var place = lists.AddEvent(device, eventId, interrupt, collection);
        if (place == EventTable.None)
        {
            return Errno.OutOfMemory;
        }

        var result = lpis.Acquire(interrupt, targets.Of(collection));
        if (result != Errno.Success)
        {
            lists.TakeEvent(device, place);
        }

        return result;
    }
}
