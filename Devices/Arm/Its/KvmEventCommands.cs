using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>The commands of one event, as KVM executes them: INT, CLEAR, INV, MOVI, DISCARD (spec gicv3-its 7.4, 8.2).</summary>
internal sealed class KvmEventCommands(KvmTargets targets, KvmLpis lpis, KvmLists lists, KvmMapCommands maps)
{
    public int Translate(uint deviceId, uint eventId)
    {
        var place = lists.Events.Find(deviceId, eventId);
        if (place == EventTable.None)
        {
            return ItsErrors.IntUnmappedInterrupt;
        }

        var target = lists.CollectionOf(place) is { } collection ? targets.Of(collection) : LpiStore.Nobody;
        if (target == LpiStore.Nobody)
        {
            return ItsErrors.IntUnmappedInterrupt;
        }

        if (!targets.TakesLpis(target))
        {
            return Errno.Busy;
        }

        ref var entry = ref lists.Events.At(place);
        lists.Cache(ref entry);
        lpis.SetPending(entry.Interrupt);
        return Errno.Success;
    }

    public bool TryTranslateCached(uint deviceId, uint eventId)
    {
        var place = lists.Events.Find(deviceId, eventId);
        if (place == EventTable.None || !lists.IsCached(lists.Events.At(place)))
        {
            return false;
        }

        lpis.SetPending(lists.Events.At(place).Interrupt);
        return true;
    }

    /// <summary>CLEAR, INV, DISCARD: what a CPU interface has comes back first.</summary>
    public void CollectRecallsForChange(in ItsCommand command, List<Recall> recalls)
    {
        var place = lists.Events.Find(command.DeviceId, command.EventId);
        if (place != EventTable.None && (command.Opcode != ItsOpcode.Discard || IsMapped(place)))
        {
            lpis.CollectRecallsForChange(lists.Events.At(place).Interrupt, recalls);
        }
    }

    public int Clear(in ItsCommand command)
    {
        var place = lists.Events.Find(command.DeviceId, command.EventId);
        if (place == EventTable.None)
        {
            return ItsErrors.ClearUnmappedInterrupt;
        }

        lpis.ClearPending(lists.Events.At(place).Interrupt);
        return Errno.Success;
    }

    public int Inv(in ItsCommand command)
    {
        var place = lists.Events.Find(command.DeviceId, command.EventId);
        return place == EventTable.None ? ItsErrors.InvUnmappedInterrupt : lpis.Reload(lists.Events.At(place).Interrupt);
    }

    public void CollectRecallsOfMovi(in ItsCommand command, List<Recall> recalls)
    {
        if (CheckMovi(command, out var place, out var collection) == Errno.Success)
        {
            lpis.CollectRecallsForMove(lists.Events.At(place).Interrupt, targets.Of(collection!), recalls);
        }
    }

    /// <summary>A pending LPI goes along.</summary>
    public int Movi(in ItsCommand command)
    {
        var result = CheckMovi(command, out var place, out var collection);
        if (result == Errno.Success)
        {
            lists.SetCollection(place, collection);
            lists.EmptyCache();
            lpis.Retarget(lists.Events.At(place).Interrupt, targets.Of(collection!));
        }

        return result;
    }

    /// <summary>The pending state goes too, as the architecture has it; KVM still delivers what a list register holds.</summary>
    public int Discard(in ItsCommand command)
    {
        var place = lists.Events.Find(command.DeviceId, command.EventId);
        if (place == EventTable.None || !IsMapped(place))
        {
            return ItsErrors.DiscardUnmappedInterrupt;
        }

        var device = lists.FindDevice(command.DeviceId)!;
        lpis.ClearPending(lists.Events.At(place).Interrupt);
        lists.EmptyCache();
        lists.RemoveEvent(device, place);
        return maps.ClearEntry(KvmIdCheck.AddressOf(device, command.EventId));
    }

    private bool IsMapped(int place) => lists.CollectionOf(place) is { IsMapped: true };

    private int CheckMovi(in ItsCommand command, out int place, out CollectionEntry? collection)
    {
        place = lists.Events.Find(command.DeviceId, command.EventId);
        collection = lists.FindCollection(command.Collection);
        if (place == EventTable.None)
        {
            return ItsErrors.MoviUnmappedInterrupt;
        }

        return IsMapped(place) && collection is { IsMapped: true } ? Errno.Success : ItsErrors.MoviUnmappedCollection;
    }
}
