using Trapline.Actors.Devices;
using Trapline.Actors.Publishing;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Vm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Boundary;

/// <summary>
/// The VM half of the userspace/kernel boundary: the ioctls of the VM's file and of its devices' files, the map of physical
/// CPU ids, interrupt routing. What a call does to a controller it does by messages; it is answered when they are.
/// </summary>
/// <remarks>
/// Calls are served one at a time, in the order in which they come: KVM's locks let some run side by side, but those of one
/// VMM come from under its big lock. The half of a vCPU is with the vCPU.
/// </remarks>
public sealed partial class BoundaryActor : DeviceActor, IInterruptInputs
{
    /// <summary>Timer of its own besides those of its base: the changes of one instant are published together, after it.</summary>
    private const int PublishTimer = 0;

    private static readonly VirtualTime AfterThisInstant = VirtualTime.FromNanoseconds(1);

    private readonly int _machine;
    private readonly int _eventfds;
    private readonly bool _hasControllers;
    private readonly CpuIdMap _cpuIds;
    private readonly ParavirtFeatures _features;
    private readonly VmFiles _files;
    private readonly VmInterrupts _interrupts;
    private readonly Publication _publication;
    private readonly List<GsiRoute> _entries = [];

    // Who waits for the creation of a vCPU.
    private readonly ActorAddress[] _creators;
    private bool _hasRun;

    // Kept where a VM may leave its host: elsewhere it is the start of time.
    private VirtualTime _createdAt;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="cpuIds">The map of physical CPU ids, of as many vCPUs as the VM may have.</param>
    /// <param name="features">The VM's paravirtual features, which user space may restrict.</param>
    /// <param name="eventfds">How many eventfds user space has, numbered from 0.</param>
    /// <param name="hasControllers">Whether this kernel can create interrupt controllers; before Linux 6.13 none could.</param>
    /// <param name="copies">Who keeps a copy of the map of CPU ids.</param>
    public BoundaryActor(int machine, CpuIdMap cpuIds, ParavirtFeatures features, int eventfds, bool hasControllers, IEnumerable<ActorAddress> copies)
        : base(new ActorAddress(machine, ActorRole.Boundary, 0), deviceTimers: 1)
    {
        _machine = machine;
        _eventfds = eventfds;
        _hasControllers = hasControllers;
        ArgumentNullException.ThrowIfNull(cpuIds);
        _cpuIds = cpuIds;
        _features = features;
        _creators = new ActorAddress[cpuIds.Vcpus];
        _files = new VmFiles(cpuIds.Vcpus, VmInterrupts.Devices);
        _interrupts = new VmInterrupts(this);
        _publication = new Publication(PublishedTable.CpuIds, copies, cpuIds.Vcpus);
    }

    /// <summary>What an output of a call is.</summary>
    private enum Step : ulong
    {
        Pin = 1,
        Message = 2,
        Attribute = 3,

        /// <summary>An eventfd is tied to a GSI, or leads elsewhere, or is free.</summary>
        Eventfd = 4,
    }

    protected override InterruptSource Source => InterruptSource.Controller;

    protected override bool Raises(in DeviceOutput output) => (Step)output.Address is Step.Pin or Step.Message;

    protected override void SyncDevice(StateSync sync)
    {
        _cpuIds.SyncState(sync);
        _features.SyncState(sync);
        _files.SyncState(sync);
        sync.Row("hasRun", ref _hasRun);
        _interrupts.SyncState(sync);
        sync.Begin("publication");
        _publication.SyncState(sync, this);
        sync.End();
        for (var vcpu = 0; vcpu < _creators.Length; vcpu++)
        {
            sync.Begin("creation", vcpu);
            sync.Row("caller", ref _creators[vcpu]);
            sync.End();
            if (sync.Loading)
            {
                CheckKnown($"creation[{vcpu}].caller", _creators[vcpu]);
            }
        }

        if (IsMigratable)
        {
            sync.Row("createdAt", ref _createdAt);
        }

        sync.List("entries", "entry", _entries, GsiRoutingTable.Limit + 1, static (StateSync rows, ref GsiRoute entry) => entry.SyncState(rows, RoutingRules.LoongArch, out entry));
        if (sync.Loading && _interrupts.Routing.Eventfds.Any(eventfd => eventfd >= _eventfds))
        {
            throw new StateFormatException($"row 'irqfds': one names an eventfd that is none of the {_eventfds}");
        }
    }

    protected override bool TakeAtOnce(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.AssignCpuId:
                Assign(in message);
                return true;
            case MessageKind.Ioctl when IoctlMessage.Ioctl(in message) == KvmIoctl.CreateVcpu:
                CreateVcpu(in message);
                return true;
            case MessageKind.LifeAnswer:
                VcpuCreated(message.Source.Index);
                return true;
            case MessageKind.PublishAnswer:
                _publication.Acknowledge(in message);
                AnswerAssigned();
                return true;
            case MessageKind.Timer when DeviceTimer(in message) == PublishTimer:
                _publication.Publish(Send);
                AnswerAssigned();
                return true;
            case MessageKind.RoutingEntry:
                // One more than any table may have says as much as a million more.
                if (_entries.Count <= GsiRoutingTable.Limit)
                {
                    _entries.Add(IoctlMessage.Entry(in message));
                }

                return true;
            default:
                return false;
        }
    }

    protected override void Perform(in Message request)
    {
        if (request.Kind != MessageKind.Ioctl)
        {
            throw Unexpected(in request);
        }

        var vcpu = (int)Math.Min(request.Word1, int.MaxValue);
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.Run:
                Complete(Run(vcpu), 0);
                break;
            case KvmIoctl.SetOneRegister:
                Complete(SetCpuIdBeforeRun(vcpu, request.Word2, request.Word3), 0);
                break;
            case KvmIoctl.SetVcpuAttribute:
                Complete(SetFeaturesBeforeRun(vcpu, IoctlMessage.Upper(in request), request.Word2, request.Word3), 0);
                break;
            case KvmIoctl.CreateVm:
                Complete(CreateVm(), 0);
                break;
            case KvmIoctl.CloseVm:
                Close(_files.CloseVm());
                break;
            case KvmIoctl.CloseVcpu:
                Close(_files.CloseVcpu(vcpu));
                break;
            case KvmIoctl.CloseDevice:
                Close(_files.CloseDevice(IoctlMessage.Device(in request)));
                break;
            case KvmIoctl.SetDeviceAttribute or KvmIoctl.GetDeviceAttribute or KvmIoctl.HasDeviceAttribute:
                Complete(Attribute(in request), 0);
                break;
            default:
                // What belongs to a VM that has no file is a call on a number that is no file.
                Complete(_files.IsVmOpen ? OfVm(in request, out var value) : BadFile(out value), value);
                break;
        }

        if (IoctlMessage.Ioctl(in request) == KvmIoctl.SetGsiRouting)
        {
            // Whatever came of it: the entries were this call's.
            _entries.Clear();
        }
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        switch ((Step)output.Address)
        {
            case Step.Pin:
                Send(OnBoard(ActorRole.PchPic), MessageKind.PinInput, output.Number, levelAndSource, origin);
                break;
            case Step.Message:
                Send(OnBoard(ActorRole.Eiointc), MessageKind.PinInput, output.Number, levelAndSource, origin);
                break;
            case Step.Attribute:
                var isSet = IoctlMessage.Ioctl(in Request) == KvmIoctl.SetDeviceAttribute;
                Send(
                    new ActorAddress((uint)output.Number), MessageKind.DeviceAttribute,
                    (isSet ? 1UL : 0) | ((ulong)IoctlMessage.Upper(in Request) << 32), Request.Word1, Request.Word2, Request.Word3);
                break;
            default:
                var route = _interrupts.Routing.RouteOf((int)output.Number);
                var what = output.Level ? 1UL : _interrupts.Routing.IsAssigned((int)output.Number) ? 2UL : 0;
                Send(new ActorAddress(_machine, ActorRole.Eventfd, (int)output.Number), MessageKind.EventfdRoute, what, (uint)route.Kind, route.PinOrData);
                break;
        }

        return true;
    }

    protected override bool CanHave(in DeviceOutput output) => (Step)output.Address switch
    {
        Step.Pin => output.Number < (ulong)RoutingRules.LoongArch.Pins,
        Step.Message => output.Number < PchMsi.Vectors,
        Step.Attribute => output.Number <= uint.MaxValue && Group.Knows(new ActorAddress((uint)output.Number)),
        Step.Eventfd => output.Number < (ulong)_eventfds,
        _ => false,
    };

    protected override void Answered(in Message answer)
    {
        if (answer.Kind == MessageKind.DeviceAttributeAnswer)
        {
            Complete((int)(long)answer.Word0, answer.Word1);
        }
    }

    private static int BadFile(out ulong value)
    {
        value = 0;
        return Errno.BadFile;
    }

    private int OfVm(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.CreateIrqchip:
                return Errno.Success;
            case KvmIoctl.CreateDevice:
                return CreateDevice(request.Word1, request.Word2);
            case KvmIoctl.IrqLine:
                var result = _interrupts.IrqLine((uint)request.Word1, (request.Word2 & 1) != 0, out var status);
                value = (ulong)(long)status;
                return result;
            case KvmIoctl.SignalMsi:
                return _interrupts.SignalMessage((uint)request.Word1, (uint)(request.Word1 >> 32));
            case KvmIoctl.SetGsiRouting:
                return SetRouting(request.Word1, (uint)request.Word2);
            case KvmIoctl.Irqfd:
                return Irqfd((int)request.Word1, (uint)request.Word2, IoctlMessage.Upper(in request));
            default:
                return Errno.NotTypewriter;
        }
    }

    private ActorAddress Vcpu(int index) => new(_machine, ActorRole.Vcpu, index);

    private ActorAddress OnBoard(ActorRole role) => new(_machine, role, 0);
}
