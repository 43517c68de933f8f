using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Publishing;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>The boundary of a LoongArch VM: IPI, EIOINTC and PCH-PIC in the kernel, the map of physical CPU ids, the paravirtual features.</summary>
public sealed partial class LoongArchBoundary : BoundaryActor
{
    /// <summary>Timer of its own besides those of its base: the changes of one instant are published together, after it.</summary>
    private const int PublishTimer = 0;

    private static readonly VirtualTime AfterThisInstant = VirtualTime.FromNanoseconds(1);

    private readonly int _machine;
    private readonly bool _hasControllers;
    private readonly CpuIdMap _cpuIds;
    private readonly ParavirtFeatures _features;
    private readonly VmInterrupts _interrupts;
    private readonly Publication _publication;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="cpuIds">The map of physical CPU ids, of as many vCPUs as the VM may have.</param>
    /// <param name="features">The VM's paravirtual features, which user space may restrict.</param>
    /// <param name="eventfds">How many eventfds user space has, numbered from 0.</param>
    /// <param name="hasControllers">Whether this kernel can create interrupt controllers; before Linux 6.13 none could.</param>
    /// <param name="copies">Who keeps a copy of the map of CPU ids.</param>
    public LoongArchBoundary(int machine, CpuIdMap cpuIds, ParavirtFeatures features, int eventfds, bool hasControllers, IEnumerable<ActorAddress> copies)
        : base(machine, VcpusOf(cpuIds), VmInterrupts.Devices, eventfds, deviceTimers: 1)
    {
        _machine = machine;
        _hasControllers = hasControllers;
        _cpuIds = cpuIds;
        _features = features;
        _interrupts = new VmInterrupts(this);
        _publication = new Publication(PublishedTable.CpuIds, copies, cpuIds.Vcpus);
    }

    protected override InterruptRouting Routing => _interrupts.Routing;

    protected override void SyncDevice(StateSync sync)
    {
        _cpuIds.SyncState(sync);
        _features.SyncState(sync);
        SyncFiles(sync);
        _interrupts.SyncState(sync);
        sync.Begin("publication");
        _publication.SyncState(sync, this);
        sync.End();
        SyncCalls(sync);
    }

    protected override bool TakeAtOnce(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.AssignCpuId:
                Assign(in message);
                return true;
            case MessageKind.PublishAnswer:
                _publication.Acknowledge(in message);
                AnswerAssigned();
                return true;
            case MessageKind.Timer when DeviceTimer(in message) == PublishTimer:
                _publication.Publish(Send);
                AnswerAssigned();
                return true;
            default:
                return base.TakeAtOnce(in message);
        }
    }

    protected override int SignalMessage(in KvmMessage message)
    {
        if (message.Data >= PchMsi.Vectors)
        {
            // Defect F20: the kernel does not check and writes outside its tables.
            return Errno.InvalidArgument;
        }

        AddOutput(new DeviceOutput(message.Data, true, (ulong)Step.Message));
        return Errno.Success;
    }

    protected override void SendToController(Step step, in DeviceOutput output, ulong levelAndSource, ulong origin) =>
        Send(OnBoard(step == Step.Pin ? ActorRole.PchPic : ActorRole.Eiointc), MessageKind.PinInput, output.Number, levelAndSource, origin);

    protected override bool CanReach(Step step, in DeviceOutput output) => step switch
    {
        Step.Pin => output.Number < (ulong)RoutingRules.LoongArch.Pins,
        Step.Message => output.Number < PchMsi.Vectors,
        _ => false,
    };

    protected override bool IsKnown(ulong type) => _hasControllers && type <= uint.MaxValue && VmInterrupts.IsKnown((uint)type);

    protected override int CreateDevice(uint type, out DeviceFile file)
    {
        file = (KvmDeviceType)type;
        var result = _interrupts.CreateDevice(type);
        if (result == Errno.Success)
        {
            TellDevice(file.Type, 1);
        }

        return result;
    }

    protected override int ServeAttribute(in Message request, DeviceFile device, out ulong value)
    {
        value = 0;
        if (IoctlMessage.Ioctl(in request) == KvmIoctl.HasDeviceAttribute)
        {
            return DeviceAttributes.HasNone();
        }

        var vcpu = IpiUapi.VcpuOf(request.Word1);
        if (device.Type == KvmDeviceType.Ipi && !Files.HasVcpu(vcpu))
        {
            return Errno.InvalidArgument;
        }

        var isLoadFinished = device.Type == KvmDeviceType.Eiointc && IoctlMessage.Upper(in request) == EiointcUapi.ControlGroup && request.Word1 == EiointcUapi.ControlLoadFinished;
        if (isLoadFinished && !HasRun)
        {
            // It looks ids up before any vCPU runs (spec 7.3), and so before they were published.
            PublishCpuIds();
        }

        ForwardAttribute(device.Type switch
        {
            KvmDeviceType.Ipi => new ActorAddress(_machine, ActorRole.Ipi, vcpu),
            KvmDeviceType.Eiointc => OnBoard(ActorRole.Eiointc),
            _ => OnBoard(ActorRole.PchPic),
        });
        return Errno.Success;
    }

    protected override int ServeVm(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.CreateIrqchip:
                return Errno.Success;
            case KvmIoctl.IrqLine:
                var result = _interrupts.IrqLine((uint)request.Word1, (request.Word2 & 1) != 0, out var status);
                value = (ulong)(long)status;
                return result;
            case KvmIoctl.SignalMsi:
                return _interrupts.SignalMessage((uint)request.Word1, (uint)(request.Word1 >> 32));
            default:
                return Errno.NotTypewriter;
        }
    }

    protected override int AssignIrqfd(int eventfd, uint gsi, uint flags, int resample) => _interrupts.AssignIrqfd(eventfd, gsi, flags);

    protected override void Destroyed(IReadOnlyList<int> vcpus)
    {
        foreach (var vcpu in vcpus)
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

        _interrupts.Destroy();
    }

    private static int VcpusOf(CpuIdMap cpuIds)
    {
        ArgumentNullException.ThrowIfNull(cpuIds);
        return cpuIds.Vcpus;
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
}
