using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages;

namespace Trapline.Actors.Boundary;

/// <summary>The controllers that the VM has in the kernel: their creation and attributes, and the end of the VM.</summary>
public sealed partial class BoundaryActor
{
    private int CreateVm()
    {
        var result = _files.CreateVm();
        if (result == Errno.Success && IsMigratable)
        {
            _createdAt = Now;
        }

        return result;
    }

    private int CreateDevice(ulong type, ulong flags)
    {
        if (!_hasControllers || type > uint.MaxValue)
        {
            return Errno.NoSuchDevice;
        }

        // KVM_CREATE_DEVICE_TEST asks whether the type is known, and nothing else.
        if ((flags & VmFiles.CreateDeviceTest) != 0)
        {
            return VmInterrupts.IsKnown((uint)type) ? Errno.Success : Errno.NoSuchDevice;
        }

        var result = _interrupts.CreateDevice((uint)type);
        if (result == Errno.Success)
        {
            _files.DeviceCreated((KvmDeviceType)type);
            TellDevice((KvmDeviceType)type, 1);
        }

        return result;
    }

    /// <summary>Every vCPU's unit is part of the one IPI device.</summary>
    private void TellDevice(KvmDeviceType type, ulong life)
    {
        switch (type)
        {
            case KvmDeviceType.Eiointc:
                Send(OnBoard(ActorRole.Eiointc), MessageKind.Life, life);
                break;
            case KvmDeviceType.PchPic:
                Send(OnBoard(ActorRole.PchPic), MessageKind.Life, life);
                break;
            default:
                for (var vcpu = 0; vcpu < _cpuIds.Vcpus; vcpu++)
                {
                    Send(new ActorAddress(_machine, ActorRole.Ipi, vcpu), MessageKind.Life, life);
                }

                break;
        }
    }

    private int Attribute(in Message request)
    {
        var device = IoctlMessage.Device(in request);
        if (!_files.IsDeviceOpen(device))
        {
            return Errno.BadFile;
        }

        if (IoctlMessage.Ioctl(in request) == KvmIoctl.HasDeviceAttribute)
        {
            return DeviceAttributes.HasNone();
        }

        var vcpu = IpiUapi.VcpuOf(request.Word1);
        if (device == KvmDeviceType.Ipi && !_files.HasVcpu(vcpu))
        {
            return Errno.InvalidArgument;
        }

        var target = device.Type switch
        {
            KvmDeviceType.Ipi => new ActorAddress(_machine, ActorRole.Ipi, vcpu),
            KvmDeviceType.Eiointc => OnBoard(ActorRole.Eiointc),
            _ => OnBoard(ActorRole.PchPic),
        };
        var isLoadFinished = device == KvmDeviceType.Eiointc && IoctlMessage.Upper(in request) == EiointcUapi.ControlGroup && request.Word1 == EiointcUapi.ControlLoadFinished;
        if (isLoadFinished && !_hasRun)
        {
            // It looks ids up before any vCPU runs (spec 7.3), and so before they were published.
            PublishCpuIds();
        }

        AddOutput(new DeviceOutput(target.Value, false, (ulong)Step.Attribute));
        return Errno.Success;
    }

    /// <summary>With its last file the VM goes: vCPUs stop, controllers forget, irqfds are taken away. What is on its way to them then is lost.</summary>
    private void Close(int result)
    {
        Complete(result, 0);
        var created = Enumerable.Range(0, _cpuIds.Vcpus).Where(_files.HasVcpu).ToArray();
        if (result != Errno.Success || !_files.TryDestroy())
        {
            return;
        }

        (_hasRun, _createdAt) = (false, default);
        _entries.Clear();
        foreach (var vcpu in created)
        {
            _cpuIds.Drop(vcpu);
            Send(Vcpu(vcpu), MessageKind.Life, 0);
        }

        _features.Reset();

        // What a version that drops the wrong slot leaves behind goes with the map.
        _cpuIds.Clear();

        if (_hasControllers)
        {
            TellDevice(KvmDeviceType.Ipi, 0);
            TellDevice(KvmDeviceType.Eiointc, 0);
            TellDevice(KvmDeviceType.PchPic, 0);
        }

        var eventfds = _interrupts.Routing.Eventfds.ToArray();
        _interrupts.Destroy();
        foreach (var eventfd in eventfds)
        {
            AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
        }
    }
}
