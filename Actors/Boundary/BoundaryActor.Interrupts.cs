using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Boundary;

/// <summary>The routing of interrupts: what a GSI or an eventfd leads to.</summary>
public abstract partial class BoundaryActor
{
    /// <summary>By eventfd, and not in the order in which they were tied: a destination has an order of its own.</summary>
    protected sealed override void SyncModel(StateSync sync)
    {
        for (var eventfd = 0; eventfd < _eventfds; eventfd++)
        {
            var (isAssigned, route) = (Routing.IsAssigned(eventfd), Routing.RouteOf(eventfd));
            sync.Begin("irqfd", eventfd);
            sync.Row("assigned", ref isAssigned);
            route.SyncState(sync, Routing.Rules, out _);
            sync.End();
        }
    }

    private int SetRouting(ulong count, uint flags)
    {
        var result = count == (ulong)_entries.Count
            ? Routing.SetRouting([.. _entries], flags)
            : count > GsiRoutingTable.Limit ? Errno.InvalidArgument : Errno.BadAddress;
        if (result == Errno.Success)
        {
            foreach (var eventfd in Routing.Eventfds)
            {
                AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
            }
        }

        return result;
    }

    private int Irqfd(int eventfd, uint gsi, uint flags, int resample)
    {
        if (eventfd >= _eventfds || (Routing.Rules.Resamples && (flags & InterruptRouting.IrqfdResample) != 0 && resample >= _eventfds))
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

            var wasAssigned = Routing.IsAssigned(eventfd);
            _ = Routing.DeassignIrqfd(eventfd, gsi);
            if (wasAssigned && !Routing.IsAssigned(eventfd))
            {
                AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
            }

            return Errno.Success;
        }

        var result = AssignIrqfd(eventfd, gsi, flags, resample);
        if (result == Errno.Success)
        {
            AddOutput(new DeviceOutput((ulong)eventfd, true, (ulong)Step.Eventfd));
        }

        return result;
    }

    private void SendRoute(int eventfd, bool isNew)
    {
        var route = Routing.RouteOf(eventfd);
        var what = isNew ? 1UL : Routing.IsAssigned(eventfd) ? 2UL : 0;
        Send(
            Eventfd(eventfd), MessageKind.EventfdRoute,
            what, (uint)route.Kind | ((ulong)route.DeviceId << 32), route.PinOrData | ((ulong)route.Flags << 32), route.Address);
    }
}
