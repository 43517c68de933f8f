using Trapline.Actors.Boundary;
using Trapline.Actors.Memory;
using Trapline.Actors.Vmm.Migration;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Transfer;
using Trapline.Messages;

namespace Trapline.Actors.Vmm;

/// <content>What the two halves of a migration ask of the VMM: ioctls, messages to this host and the other one, timers.</content>
public sealed partial class VmmActor
{
    private const int FlagsShift = 32;

    /// <summary>The values that a queue has among those of <see cref="StateGroup.Routing"/>: first all of one part, then all of the next.</summary>
    private static class RoutePart
    {
        public const int Data = 0;
        public const int Address = 1;
        public const int Sender = 2;
        public const int Count = 3;
    }

    VirtualTime IMigrationCalls.Now => Now;

    VirtualTime IMigrationCalls.Ioctl => VirtualTime.Max(_placement.Ioctl, new VirtualTime(1));

    int IMigrationCalls.PlansFrom => _nextPlan;

    bool IMigrationCalls.RoutesInKernel => !_placement.ControllersInUserSpace;

    bool IMigrationCalls.HasOpenCall => _vcpuCalls > 0 || _owners.Exists(owner => owner != (byte)CallOwner.Routes);

    void IMigrationCalls.Call(in StateItem item, bool isSet, ulong value)
    {
        if (item.Device != 0)
        {
            ((IVmmCalls)this).CallDevice(
                item.Device, isSet ? KvmIoctl.SetDeviceAttribute : KvmIoctl.GetDeviceAttribute, item.AttributeGroup, item.Attribute, value, item.Bytes);
            return;
        }

        var ioctl = item.Group switch
        {
            StateGroup.VcpuRegisters when VcpuRegister.IsIndex(item.Attribute) => isSet ? KvmIoctl.SetRegister : KvmIoctl.GetRegister,
            StateGroup.VcpuStealTime => isSet ? KvmIoctl.SetVcpuAttribute : KvmIoctl.GetVcpuAttribute,
            _ => isSet ? KvmIoctl.SetOneRegister : KvmIoctl.GetOneRegister,
        };
        _vcpuCalls++;
        Send(new ActorAddress(Address.Machine, ActorRole.Vcpu, item.Vcpu), MessageKind.Ioctl, IoctlMessage.Head(ioctl, item.AttributeGroup), item.Attribute, value, (ulong)item.Bytes);
    }

    void IMigrationCalls.Post(ActorAddress target, MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3) =>
        Send(new ActorAddress(Address.Machine, target.Role, target.Index), kind, word0, word1, word2, word3);

    void IMigrationCalls.PostToPeer(MessageKind kind, ulong word0, ulong word1, ulong word2, ulong word3)
    {
        if (!_source!.IsCutOff && !_destination!.IsCutOff)
        {
            Send(Peer, kind, word0, word1, word2, word3);
        }
    }

    void IMigrationCalls.LockImage(bool take) => Send(new ActorAddress(0, ActorRole.DiskImage, 0), MessageKind.ImageLock, take ? 1UL : 0);

    void IMigrationCalls.Inspect(InspectedParts parts, bool isAfter, int source, int ordinal)
    {
        var vcpus = Enumerable.Range(0, _migration!.Parts.Vcpus).Select(vcpu => new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu));
        IEnumerable<ActorAddress> homes = (parts & InspectedParts.Memory) != 0 ? _migration.Parts.Homes : [];
        IEnumerable<ActorAddress> inspected = (parts & InspectedParts.Registers) != 0
            ? vcpus.Concat(_migration.Parts.Interrupting).Concat(homes).Append(_boundary).Append(Address)
            : homes;
        foreach (var actor in inspected)
        {
            ((IMigrationCalls)this).Post(actor, MessageKind.Inspect, isAfter ? 1UL : 0, (ulong)source, (ulong)ordinal);
        }
    }

    void IMigrationCalls.AddRoutes(TransferStream stream)
    {
        for (var queue = 0; queue < _routes.Count; queue++)
        {
            stream.Add(StateGroup.Routing, queue, _routes.MessageOf(queue).Data | (_routes.IsUsed(queue) ? 1UL << UsedShift : 0));
        }

        AddPlaces(stream);
        for (var queue = 0; queue < _routes.Count; queue++)
        {
            if (_routes.IsAssigned(queue))
            {
                stream.Add(StateGroup.Irqfds, queue, 0);
            }
        }
    }

    bool IMigrationCalls.TrySetRoute(int number, ulong value)
    {
        if (_routes.Count == 0 || (uint)number >= (uint)(_routes.Count * (_start.Rules.MessagesHaveAddress ? RoutePart.Count : 1)))
        {
            return false;
        }

        var queue = number % _routes.Count;
        var message = _routes.MessageOf(queue);
        switch (number / _routes.Count)
        {
            case RoutePart.Data when value >> AssignedShift == 0:
                _routes.Set(queue, message with { Data = (uint)value }, (value >> UsedShift) != 0);
                return true;
            case RoutePart.Address:
                _routes.Set(queue, message with { Address = value }, _routes.IsUsed(queue));
                return true;
            case RoutePart.Sender:
                _routes.Set(queue, message with { DeviceId = (uint)value, Flags = (uint)(value >> FlagsShift) }, _routes.IsUsed(queue));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where messages have an address: the addresses of all queues, then who sends them.</summary>
    private void AddPlaces(TransferStream stream)
    {
        if (!_start.Rules.MessagesHaveAddress)
        {
            return;
        }

        for (var queue = 0; queue < _routes.Count; queue++)
        {
            stream.Add(StateGroup.Routing, (RoutePart.Address * _routes.Count) + queue, _routes.MessageOf(queue).Address);
        }

        for (var queue = 0; queue < _routes.Count; queue++)
        {
            ref readonly var message = ref _routes.MessageOf(queue);
            stream.Add(StateGroup.Routing, (RoutePart.Sender * _routes.Count) + queue, message.DeviceId | ((ulong)message.Flags << FlagsShift));
        }
    }

    void IMigrationCalls.AssignIrqfd(int queue)
    {
        _routes.IsAssigned(queue) = true;
        ((IVmmCalls)this).CallVm(KvmIoctl.Irqfd, (ulong)queue, _routes.GsiOf(queue));
    }

    void IMigrationCalls.CreateMachine()
    {
        foreach (var device in _migration!.Parts.OwnDevices)
        {
            ((IMigrationCalls)this).Post(device, MessageKind.Life, 1);
        }

        foreach (var home in _migration.Parts.Homes)
        {
            ((IMigrationCalls)this).Post(home, MessageKind.DirtyLog, (ulong)DirtyLogOperation.Accept);
        }

        _start.RunsVcpus = false;
        _start.Restart();
        CallForStart();
    }

    void IMigrationCalls.TookOver()
    {
        _ownsVm = true;
        _nextPlan = _destination!.PlansFrom;
        BeginPlanned();
    }

    bool IMigrationCalls.CloseFile(int number)
    {
        var vcpus = _migration!.Parts.Vcpus;
        var devices = _migration.Parts.KernelDevices;
        if (number < vcpus)
        {
            ((IVmmCalls)this).CallVm(KvmIoctl.CloseVcpu, (ulong)number);
        }
        else if (number - vcpus < devices.Count)
        {
            ((IVmmCalls)this).CallDevice(devices[number - vcpus], KvmIoctl.CloseDevice, 0, 0, 0, 0);
        }
        else if (number - vcpus == devices.Count)
        {
            ((IVmmCalls)this).CallVm(KvmIoctl.CloseVm);
        }
        else
        {
            return false;
        }

        return true;
    }

    void IMigrationCalls.EndProcess()
    {
        foreach (var device in _migration!.Parts.OwnDevices)
        {
            ((IMigrationCalls)this).Post(device, MessageKind.Life, 0);
        }

        foreach (var home in _migration.Parts.Homes)
        {
            ((IMigrationCalls)this).Post(home, MessageKind.DirtyLog, (ulong)DirtyLogOperation.Forget);
        }

        _routes.Clear();
        _ownsVm = false;
    }

    void IMigrationCalls.WakeAt(VirtualTime at) => SetTimer(WakeTimer, at);

    void IMigrationCalls.TimeOutAt(VirtualTime at) => SetTimer(TimeOutTimer, at);
}
