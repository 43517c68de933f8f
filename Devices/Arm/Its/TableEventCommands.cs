using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>The commands of events and of all LPIs of a vCPU, as QEMU executes them: each looks in the tables in guest memory.</summary>
internal sealed class TableEventCommands(ILpiTargets targets, MemoryLpis lpis, TableEntries entries)
{
    public int Translate(uint deviceId, uint eventId)
    {
        var result = FindTarget(deviceId, eventId, ItsErrors.IntUnmappedInterrupt, out _, out var entry, out var target);
        if (result == Errno.Success)
        {
            lpis.SetPending(target, entry.Interrupt);
        }

        return result;
    }

    /// <summary>INV: all that the CPU interface has comes back first, for all is looked at again.</summary>
    public void CollectRecallsOfInv(in ItsCommand command, List<Recall> recalls)
    {
        if (FindTarget(command.DeviceId, command.EventId, ItsErrors.InvUnmappedInterrupt, out _, out _, out var target) == Errno.Success)
        {
            lpis.CollectRecallsOfVcpu(target, recalls);
        }
    }

    /// <summary>CLEAR, DISCARD: what the CPU interface has comes back first.</summary>
    public void CollectRecallsForChange(in ItsCommand command, List<Recall> recalls)
    {
        if (FindTarget(command.DeviceId, command.EventId, ItsErrors.IntUnmappedInterrupt, out _, out var entry, out var target) == Errno.Success
            && InterruptIds.IsLpi(entry.Interrupt))
        {
            lpis.CollectRecalls(target, entry.Interrupt, recalls);
        }
    }

    public int Clear(in ItsCommand command)
    {
        var result = FindTarget(command.DeviceId, command.EventId, ItsErrors.ClearUnmappedInterrupt, out _, out var entry, out var target);
        if (result == Errno.Success)
        {
            lpis.ClearPending(target, entry.Interrupt);
        }

        return result;
    }

    public int Discard(in ItsCommand command)
    {
        var result = FindTarget(command.DeviceId, command.EventId, ItsErrors.DiscardUnmappedInterrupt, out var device, out var entry, out var target);
        if (result != Errno.Success)
        {
            return result;
        }

        lpis.ClearPending(target, entry.Interrupt);
        return entries.WriteEvent(device, command.EventId, 0, 0);
    }

    /// <summary>All that is pending on the vCPU is looked at again.</summary>
    public int Inv(in ItsCommand command)
    {
        var result = FindTarget(command.DeviceId, command.EventId, ItsErrors.InvUnmappedInterrupt, out _, out _, out var target);
        if (result == Errno.Success)
        {
            lpis.Search(target);
        }

        return result;
    }

    /// <summary>Of every vCPU, whatever the collection.</summary>
    public int Invall()
    {
        for (var vcpu = 0; vcpu < targets.Vcpus; vcpu++)
        {
            lpis.Search(vcpu);
        }

        return Errno.Success;
    }

    public void CollectRecallsOfMovi(in ItsCommand command, List<Recall> recalls)
    {
        if (FindMove(command, out _, out var entry, out var from, out var to) == Errno.Success && from != to && InterruptIds.IsLpi(entry.Interrupt))
        {
            lpis.CollectRecalls(from, entry.Interrupt, recalls);
        }
    }

    public int Movi(in ItsCommand command)
    {
        var result = FindMove(command, out var device, out var entry, out var from, out var to);
        if (result != Errno.Success)
        {
            return result;
        }

        if (from != to)
        {
            lpis.Move(from, to, entry.Interrupt);
        }

        return entries.WriteEvent(device, command.EventId, TableEvent.Of((uint)entry.Interrupt, command.Collection), TableEvent.Doorbell);
    }

    public void CollectRecallsOfMovall(in ItsCommand command, List<Recall> recalls)
    {
        var (from, to) = command.WideTargets;
        if (from < (uint)targets.Vcpus && to < (uint)targets.Vcpus && from != to)
        {
            lpis.CollectRecallsOfVcpu((int)from, recalls);
        }
    }

    public int Movall(in ItsCommand command)
    {
        var (from, to) = command.WideTargets;
        if (from >= (uint)targets.Vcpus || to >= (uint)targets.Vcpus)
        {
            return ItsErrors.MovallProcessorOutOfRange;
        }

        if (from != to)
        {
            lpis.MoveAll((int)from, (int)to);
        }

        return Errno.Success;
    }

    private int FindMove(in ItsCommand command, out TableDevice device, out TableEvent entry, out int from, out int to)
    {
        to = LpiStore.Nobody;
        var result = FindEvent(command.DeviceId, command.EventId, ItsErrors.MoviUnmappedInterrupt, out device, out entry);
        from = LpiStore.Nobody;
        if (result == Errno.Success)
        {
            result = FindCollection(entry.Collection, ItsErrors.MoviUnmappedCollection, out from);
        }

        return result == Errno.Success ? FindCollection(command.Collection, ItsErrors.MoviUnmappedCollection, out to) : result;
    }

    /// <returns>0, <paramref name="unmapped"/>, or -EFAULT.</returns>
    private int FindTarget(uint deviceId, uint eventId, int unmapped, out TableDevice device, out TableEvent entry, out int target)
    {
        target = LpiStore.Nobody;
        var result = FindEvent(deviceId, eventId, unmapped, out device, out entry);
        return result == Errno.Success ? FindCollection(entry.Collection, unmapped, out target) : result;
    }

    private int FindEvent(uint deviceId, uint eventId, int unmapped, out TableDevice device, out TableEvent entry)
    {
        (device, entry) = (default, default);
        if (!entries.HasDevice(deviceId))
        {
            return unmapped;
        }

        var result = entries.ReadDevice(deviceId, out device);
        if (result != Errno.Success || !device.IsValid || eventId >= device.Events)
        {
            return result != Errno.Success ? result : unmapped;
        }

        result = entries.ReadEvent(device, eventId, out entry);
        return result != Errno.Success || entry.IsValid ? result : unmapped;
    }

    private int FindCollection(ushort collectionId, int unmapped, out int target)
    {
        target = LpiStore.Nobody;
        if (!entries.HasCollection(collectionId))
        {
            return unmapped;
        }

        var result = entries.ReadCollection(collectionId, out var collection);
        if (result != Errno.Success || !collection.IsValid || collection.Target >= targets.Vcpus)
        {
            return result != Errno.Success ? result : unmapped;
        }

        target = collection.Target;
        return Errno.Success;
    }
}
