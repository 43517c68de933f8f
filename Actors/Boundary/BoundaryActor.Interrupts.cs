using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Messages.State;

namespace Trapline.Actors.Boundary;

/// <summary>The routing of interrupts: what a GSI, a message or an eventfd leads to.</summary>
public sealed partial class BoundaryActor
{
    void IInterruptInputs.DrivePin(int pin, bool level) => AddOutput(new DeviceOutput((ulong)pin, level, (ulong)Step.Pin));

    int IInterruptInputs.SignalMessage(in KvmMessage message)
    {
        if (message.Data >= PchMsi.Vectors)
        {
            // Defect F20: the kernel does not check and writes outside its tables.
            return Errno.InvalidArgument;
        }

        AddOutput(new DeviceOutput(message.Data, true, (ulong)Step.Message));
        return Errno.Success;
    }

    /// <summary>By eventfd, and not in the order in which they were tied: a destination has an order of its own.</summary>
    protected override void SyncModel(StateSync sync)
    {
        for (var eventfd = 0; eventfd < _eventfds; eventfd++)
        {
            var (isAssigned, route) = (_interrupts.Routing.IsAssigned(eventfd), _interrupts.Routing.RouteOf(eventfd));
            sync.Begin("irqfd", eventfd);
            sync.Row("assigned", ref isAssigned);
            route.SyncState(sync, RoutingRules.LoongArch, out _);
            sync.End();
        }
    }

    private int SetRouting(ulong count, uint flags)
    {
        var result = count == (ulong)_entries.Count
            ? _interrupts.Routing.SetRouting([.. _entries], flags)
            : count > GsiRoutingTable.Limit ? Errno.InvalidArgument : Errno.BadAddress;
        if (result == Errno.Success)
        {
            foreach (var eventfd in _interrupts.Routing.Eventfds)
            {
                AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
            }
        }

        return result;
    }

    private int Irqfd(int eventfd, uint gsi, uint flags)
    {
        if (eventfd >= _eventfds)
        {
            return Errno.BadFile;
        }

        if ((flags & InterruptRouting.IrqfdDeassign) != 0)
        {
            if ((flags & ~(InterruptRouting.IrqfdDeassign | InterruptRouting.IrqfdResample)) != 0)
            {
                return Errno.InvalidArgument;
            }

            if (eventfd < 0)
            {
                return Errno.BadFile;
            }

            var wasAssigned = _interrupts.Routing.IsAssigned(eventfd);
            _ = _interrupts.Routing.DeassignIrqfd(eventfd, gsi);
            if (wasAssigned && !_interrupts.Routing.IsAssigned(eventfd))
            {
                AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
            }

            return Errno.Success;
        }

        var result = _interrupts.AssignIrqfd(eventfd, gsi, flags);
        if (result == Errno.Success)
        {
            AddOutput(new DeviceOutput((ulong)eventfd, true, (ulong)Step.Eventfd));
        }

        return result;
    }
}
