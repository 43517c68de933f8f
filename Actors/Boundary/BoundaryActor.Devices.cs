using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Boundary;

/// <summary>The life of the VM, its vCPUs and devices, and their attributes.</summary>
public abstract partial class BoundaryActor
{
    private int CreateVm()
    {
        var result = Files.CreateVm();
        if (result == Errno.Success && IsMigratable)
        {
            _createdAt = Now;
        }

        return result;
    }

    private int CreateDevice(ulong type, ulong flags, out ulong number)
    {
        number = 0;
        if (!IsKnown(type))
        {
            return Errno.NoSuchDevice;
        }

        if ((flags & VmFiles.CreateDeviceTest) != 0)
        {
            return Errno.Success;
        }

        var result = CreateDevice((uint)type, out var file);
        if (result == Errno.Success)
        {
            Files.DeviceCreated(file);
            number = (ulong)file.Number;
        }

        return result;
    }

    private int Attribute(in Message request, out ulong value)
    {
        value = 0;
        var device = IoctlMessage.Device(in request);
        return Files.IsDeviceOpen(device) ? ServeAttribute(in request, device, out value) : Errno.BadFile;
    }

    /// <summary>The call ends with the answer of who carries the device.</summary>
    protected void ForwardAttribute(ActorAddress target) => AddOutput(new DeviceOutput(target.Value, false, (ulong)Step.Attribute));

    /// <summary>
    /// Before the machine runs the message precedes whatever reaches the vCPU from here; in one that runs, the call ends when the
    /// vCPU can be spoken to.
    /// </summary>
    private void CreateVcpu(in Message request)
    {
        var refused = Files.IsVmOpen && request.Word1 < (ulong)MaximumVcpus ? RefusesVcpu() : Errno.Success;
        var result = refused != Errno.Success ? refused : Files.CreateVcpu(request.Word1);
        var isCall = result == Errno.Success && _hasRun;
        if (result == Errno.Success)
        {
            VcpuCreated((int)request.Word1);
            Send(Vcpu((int)request.Word1), MessageKind.Life, 1, isCall ? 1UL : 0, (ulong)_createdAt.Picoseconds);
        }

        if (isCall)
        {
            _creators[request.Word1] = request.Source;
        }
        else
        {
            Send(request.Source, MessageKind.IoctlAnswer, (ulong)(long)result);
        }
    }

    private void AnswerCreator(int vcpu)
    {
        Send(_creators[vcpu], MessageKind.IoctlAnswer);
        _creators[vcpu] = default;
    }

    private int Run(int vcpu)
    {
        if (!Files.IsVcpuOpen(vcpu))
        {
            return Errno.BadFile;
        }

        var result = PrepareRun(vcpu, !_hasRun);
        if (result != Errno.Success)
        {
            return result;
        }

        _hasRun = true;
        Send(Vcpu(vcpu), MessageKind.Run);
        return Errno.Success;
    }

    /// <summary>With its last file the VM goes: vCPUs stop, controllers forget, irqfds are taken away. What is on its way to them then is lost.</summary>
    private void Close(int result)
    {
        Complete(result, 0);
        var created = Enumerable.Range(0, MaximumVcpus).Where(Files.HasVcpu).ToArray();
        if (result != Errno.Success || !Files.TryDestroy())
        {
            return;
        }

        (_hasRun, _createdAt) = (false, default);
        _entries.Clear();
        var eventfds = Routing.Eventfds.ToArray();
        Destroyed(created);
        foreach (var eventfd in eventfds)
        {
            AddOutput(new DeviceOutput((ulong)eventfd, false, (ulong)Step.Eventfd));
        }
    }
}
