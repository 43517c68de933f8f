using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vmm.Migration;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vmm;

/// <summary>
/// The messages of a device whose queues signal eventfds. With the controllers in the kernel the VMM ties each eventfd in use to
/// a GSI and tells the kernel where that leads, and has no part in a message any more. With its own controllers it polls the
/// eventfds and sends the message itself.
/// </summary>
public sealed partial class VmmActor : IVmmCalls
{
    // The device that waits until a new entry is in force, and what that costs.
    private ActorAddress _routeCaller;
    private int _routeQueue;
    private ulong _routeCost;

    void IVmmCalls.CallVm(KvmIoctl ioctl, ulong first, ulong second, ulong third, uint upper)
    {
        Owe();
        Send(_boundary, MessageKind.Ioctl, IoctlMessage.Head(ioctl, upper), first, second, third);
    }

    void IVmmCalls.CallDevice(DeviceFile device, KvmIoctl ioctl, uint group, ulong attribute, ulong value, int bytes)
    {
        Owe();
        Send(_boundary, MessageKind.Ioctl, IoctlMessage.Head(ioctl, group, device), attribute, value, (ulong)bytes);
    }

    void IVmmCalls.SetRouting() => SetRouting();

    private void SetRouting()
    {
        var count = 0UL;
        foreach (var entry in _routes.Entries())
        {
            var (word0, word1, word2, word3) = IoctlMessage.Entry(in entry);
            Send(_boundary, MessageKind.RoutingEntry, word0, word1, word2, word3);
            count++;
        }

        ((IVmmCalls)this).CallVm(KvmIoctl.SetGsiRouting, count);
    }

    /// <summary>The guest has changed an entry of a device's MSI-X table.</summary>
    private void ChangeRoute(in Message message)
    {
        if (_routeCaller != default)
        {
            throw new SimulationException($"{Address} is told of an entry of {message.Source} at {Now} before the last one is in force");
        }

        _routeQueue = (int)Math.Min(message.Word0, int.MaxValue);
        if (!_routes.Has(_routeQueue))
        {
            throw new SimulationException($"{Address} is told of an entry that no queue has at {Now}: {message}");
        }

        _routes.Set(_routeQueue, MessageOf((uint)message.Word1, message.Word2, (uint)(message.Word1 >> 32)), message.Word3 != 0);
        if (_placement.ControllersInUserSpace)
        {
            Send(message.Source, MessageKind.InputAnswer);
            return;
        }

        _routeCaller = message.Source;
        _routeCost = (ulong)_placement.Ioctl.Picoseconds;
        _asking = CallOwner.Routes;
        SetRouting();
        _asking = CallOwner.Migration;
    }

    /// <summary>The table is in force; an entry that came into use, or went out of it, also has its irqfd.</summary>
    private void GoOnRouting()
    {
        ref var assigned = ref _routes.IsAssigned(_routeQueue);
        if (assigned != _routes.IsUsed(_routeQueue))
        {
            assigned = !assigned;
            _routeCost += (ulong)_placement.Ioctl.Picoseconds;
            var flags = assigned ? 0 : InterruptRouting.IrqfdDeassign;
            _asking = CallOwner.Routes;
            ((IVmmCalls)this).CallVm(KvmIoctl.Irqfd, (ulong)_routeQueue, _routes.GsiOf(_routeQueue), upper: flags);
            _asking = CallOwner.Migration;
            return;
        }

        var calls = _routeCost / Math.Max(1, (ulong)_placement.Ioctl.Picoseconds);
        Send(_routeCaller, MessageKind.InputAnswer, _routeCost, CostBill.Once(CostKind.InjectionIoctl).Packed * calls);
        (_routeCaller, _routeCost) = (default, 0);
    }

    /// <summary>Where messages have no address, the one in the table says only whether the entry is in use.</summary>
    private KvmMessage MessageOf(uint data, ulong address, uint deviceId) =>
        _start.Rules.MessagesHaveAddress ? new(data, address, deviceId, KvmMessage.ValidDeviceId) : new(data);

    /// <summary>The main loop has read an eventfd, and sends the message of its queue; however many were signalled, it is one.</summary>
    private void DeliverMessage(in Message count)
    {
        CheckHolder(in count);
        var queue = count.Source.Index;
        if (!_routes.Has(queue))
        {
            throw new SimulationException($"{Address} gets the count of an eventfd that no queue has at {Now}: {count}");
        }

        if (count.Word0 == 0 || !_routes.IsUsed(queue))
        {
            Release(Now, worked: true);
            return;
        }

        Send(new ActorAddress(Address.Machine, ActorRole.PchMsi, 0), MessageKind.MessageSignal, _routes.MessageOf(queue).Data, count.Word1, count.Word2);
    }

    /// <summary>What it knows of its devices' messages.</summary>
    internal override void SyncRegisters(StateSync sync) => _routes.SyncState(sync);

    private void SyncRoutes(StateSync sync)
    {
        sync.Begin("routes");
        _routes.SyncState(sync);
        sync.Row("caller", ref _routeCaller);
        sync.Row("queue", ref _routeQueue);
        sync.Row("cost", ref _routeCost);
        sync.End();
        if (sync.Loading)
        {
            _routes.Check("queue", _routeQueue);
            CheckKnown("caller", _routeCaller);
        }
    }
}
