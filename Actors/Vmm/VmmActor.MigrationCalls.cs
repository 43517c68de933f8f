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
            StateGroup.VcpuRegisters => isSet ? KvmIoctl.SetRegister : KvmIoctl.GetRegister,
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

    void IMigrationCalls.Inspect(bool isAfter, int source, int ordinal)
    {
        var vcpus = Enumerable.Range(0, _migration!.Parts.Vcpus).Select(vcpu => new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu));
        foreach (var actor in vcpus.Concat(_migration.Parts.Interrupting).Concat(_migration.Parts.Homes).Append(_boundary).Append(Address))
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

        for (var queue = 0; queue < _routes.Count; queue++)
        {
            if (_routes.IsAssigned(queue))
            {
                stream.Add(StateGroup.Irqfds, queue, 0);
            }
        }
    }

    bool IMigrationCalls.TrySetRoute(int queue, ulong value)
    {
        if ((uint)queue >= (uint)_routes.Count || value >> AssignedShift != 0)
        {
            return false;
        }

        _routes.Set(queue, new KvmMessage((uint)value), (value >> UsedShift) != 0);
        return true;
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
