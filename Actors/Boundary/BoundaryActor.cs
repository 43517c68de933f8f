using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Boundary;

/// <summary>
/// The VM half of the userspace/kernel boundary: the ioctls of the VM's file and of its devices' files, interrupt routing. What a
/// call does to a controller it does by messages; it is answered when they are. Which controllers there are, and what is
/// wired how, an architecture's own boundary says.
/// </summary>
/// <remarks>
/// Calls are served one at a time, in the order in which they come: KVM's locks let some run side by side, but those of one
/// VMM come from under its big lock. The half of a vCPU is with the vCPU.
/// </remarks>
public abstract partial class BoundaryActor : DeviceActor, IInterruptInputs
{
    private readonly int _machine;
    private readonly int _eventfds;
    private readonly List<GsiRoute> _entries = [];

    // Who waits for the creation of a vCPU.
    private readonly ActorAddress[] _creators;
    private bool _hasRun;

    // Kept where a VM may leave its host: elsewhere it is the start of time.
    private VirtualTime _createdAt;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="maximumVcpus">As many vCPUs as the VM may have.</param>
    /// <param name="devices">The devices that it may have in the kernel, one for each file.</param>
    /// <param name="eventfds">How many eventfds user space has, numbered from 0.</param>
    /// <param name="deviceTimers">Timers of the architecture's part.</param>
    protected BoundaryActor(int machine, int maximumVcpus, IReadOnlyList<KvmDeviceType> devices, int eventfds, int deviceTimers = 0)
        : base(new ActorAddress(machine, ActorRole.Boundary, 0), deviceTimers)
    {
        _machine = machine;
        _eventfds = eventfds;
        _creators = new ActorAddress[maximumVcpus];
        Files = new VmFiles(maximumVcpus, devices);
    }

    /// <summary>What an output of a call is.</summary>
    protected enum Step : ulong
    {
        Pin = 1,
        Message = 2,
        Attribute = 3,

        /// <summary>An eventfd is tied to a GSI, or leads elsewhere, or is free.</summary>
        Eventfd = 4,

        /// <summary>An eventfd is written: the guest has ended the interrupt that it stands for.</summary>
        Resample = 5,

        /// <summary>A pin of one vCPU.</summary>
        PrivatePin = 6,
    }

    protected sealed override InterruptSource Source => InterruptSource.Controller;

    /// <summary>The files of the VM.</summary>
    protected VmFiles Files { get; }

    /// <summary>Some vCPU has been run.</summary>
    protected bool HasRun => _hasRun;

    /// <summary>Most vCPUs of the VM.</summary>
    protected int MaximumVcpus => _creators.Length;

    /// <summary>Where GSIs lead, and the irqfds.</summary>
    protected abstract InterruptRouting Routing { get; }

    /// <summary>KVM_CREATE_DEVICE of a type, without KVM_CREATE_DEVICE_TEST.</summary>
    /// <param name="type">KVM_DEV_TYPE_*, which may be none.</param>
    /// <param name="file">What was created.</param>
    protected abstract int CreateDevice(uint type, out DeviceFile file);

    /// <summary>Whether the kernel has devices of a type.</summary>
    protected abstract bool IsKnown(ulong type);

    /// <summary>An attribute of a device whose file is open; <see cref="ForwardAttribute"/> where somebody else goes on.</summary>
    /// <param name="request">The ioctl.</param>
    /// <param name="device">Whose.</param>
    /// <param name="value">What is read.</param>
    protected abstract int ServeAttribute(in Message request, DeviceFile device, out ulong value);

    /// <summary>What <see cref="ForwardAttribute"/> passes on as the value: user space's, where it gives one.</summary>
    protected virtual ulong AttributeValue(in Message request) => request.Word2;

    /// <summary>An ioctl of the VM's file that an architecture has its own rules for; ENOTTY for what is none.</summary>
    protected abstract int ServeVm(in Message request, out ulong value);

    /// <summary>An ioctl of a vCPU's file that comes here, because the vCPU has not run yet.</summary>
    protected abstract int ServeVcpu(in Message request, int vcpu);

    /// <summary>What the architecture says before a vCPU is created; 0 where it has nothing against it.</summary>
    protected virtual int RefusesVcpu() => Errno.Success;

    /// <summary>A vCPU was created.</summary>
    protected virtual void VcpuCreated(int vcpu)
    {
    }

    /// <summary>KVM_RUN of a vCPU is called, for the first time of the VM or not.</summary>
    /// <returns>0, or the negative errno with which it is refused.</returns>
    protected abstract int PrepareRun(int vcpu, bool isFirst);

    /// <summary>The VM has gone: vCPUs and controllers are told.</summary>
    /// <param name="vcpus">Those that it had.</param>
    protected abstract void Destroyed(IReadOnlyList<int> vcpus);

    /// <summary>KVM_IRQFD without the flag to take it away.</summary>
    protected abstract int AssignIrqfd(int eventfd, uint gsi, uint flags, int resample);

    /// <summary>Sends an output that leads to a controller.</summary>
    protected abstract void SendToController(Step step, in DeviceOutput output, ulong levelAndSource, ulong origin);

    /// <summary>Whether the architecture can have an output that leads to a controller.</summary>
    protected abstract bool CanReach(Step step, in DeviceOutput output);

    /// <summary>In a <see cref="MessageKind.DeviceAttribute"/>, where one actor carries several devices: as in the ioctl's first word.</summary>
    protected virtual ulong DeviceBits(in Message request) => 0;

    void IInterruptInputs.DrivePin(int pin, bool level) => AddOutput(new DeviceOutput((ulong)pin, level, (ulong)Step.Pin));

    int IInterruptInputs.SignalMessage(in KvmMessage message) => SignalMessage(in message);

    /// <inheritdoc cref="IInterruptInputs.SignalMessage"/>
    protected abstract int SignalMessage(in KvmMessage message);

    protected override bool Raises(in DeviceOutput output) => (Step)output.Address is Step.Pin or Step.Message or Step.PrivatePin;

    /// <summary>Files, and whether any vCPU has run.</summary>
    protected void SyncFiles(StateSync sync)
    {
        Files.SyncState(sync);
        sync.Row("hasRun", ref _hasRun);
    }

    /// <summary>Calls under way, with the entries of a table that is on its way.</summary>
    protected void SyncCalls(StateSync sync)
    {
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

        var rules = Routing.Rules;
        sync.List("entries", "entry", _entries, GsiRoutingTable.Limit + 1, (StateSync rows, ref GsiRoute entry) => entry.SyncState(rows, rules, out entry));
        if (sync.Loading && Routing.Eventfds.Any(eventfd => eventfd >= _eventfds))
        {
            throw new StateFormatException($"row 'irqfds': one names an eventfd that is none of the {_eventfds}");
        }
    }

    protected override bool TakeAtOnce(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Ioctl when IoctlMessage.Ioctl(in message) == KvmIoctl.CreateVcpu:
                CreateVcpu(in message);
                return true;
            case MessageKind.LifeAnswer:
                AnswerCreator(message.Source.Index);
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
            case KvmIoctl.SetOneRegister or KvmIoctl.SetVcpuAttribute or KvmIoctl.InitializeVcpu:
                Complete(Files.IsVcpuOpen(vcpu) ? ServeVcpu(in request, vcpu) : Errno.BadFile, 0);
                break;
            case KvmIoctl.CreateVm:
                Complete(CreateVm(), 0);
                break;
            case KvmIoctl.CloseVm:
                Close(Files.CloseVm());
                break;
            case KvmIoctl.CloseVcpu:
                Close(Files.CloseVcpu(vcpu));
                break;
            case KvmIoctl.CloseDevice:
                Close(Files.CloseDevice(IoctlMessage.Device(in request)));
                break;
            case KvmIoctl.SetDeviceAttribute or KvmIoctl.GetDeviceAttribute or KvmIoctl.HasDeviceAttribute:
                Complete(Attribute(in request, out var read), read);
                break;
            default:
                // What belongs to a VM that has no file is a call on a number that is no file.
                Complete(Files.IsVmOpen ? OfVm(in request, out var value) : BadFile(out value), value);
                break;
        }

        if (IoctlMessage.Ioctl(in request) == KvmIoctl.SetGsiRouting)
        {
            // Whatever came of it: the entries were this call's.
            _entries.Clear();
        }
    }

    protected sealed override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        switch ((Step)output.Address)
        {
            case Step.Pin or Step.Message or Step.PrivatePin:
                SendToController((Step)output.Address, in output, levelAndSource, origin);
                break;
            case Step.Attribute:
                var isSet = IoctlMessage.Ioctl(in Request) == KvmIoctl.SetDeviceAttribute;
                Send(
                    new ActorAddress((uint)output.Number), MessageKind.DeviceAttribute,
                    (isSet ? 1UL : 0) | DeviceBits(in Request) | ((ulong)IoctlMessage.Upper(in Request) << 32), Request.Word1, AttributeValue(in Request), Request.Word3);
                break;
            case Step.Resample:
                Send(Eventfd((int)output.Number), MessageKind.EventfdWrite, 1, levelAndSource, origin);
                break;
            default:
                SendRoute((int)output.Number, output.Level);
                break;
        }

        return true;
    }

    protected sealed override bool CanHave(in DeviceOutput output) => (Step)output.Address switch
    {
        Step.Pin or Step.Message or Step.PrivatePin => CanReach((Step)output.Address, in output),
        Step.Attribute => output.Number <= uint.MaxValue && Group.Knows(new ActorAddress((uint)output.Number)),
        Step.Eventfd => output.Number < (ulong)_eventfds,
        Step.Resample => Routing.Rules.Resamples && output.Number < (ulong)_eventfds,
        _ => false,
    };

    protected override void Answered(in Message answer)
    {
        if (answer.Kind == MessageKind.DeviceAttributeAnswer)
        {
            Complete((int)(long)answer.Word0, answer.Word1);
        }
    }

    protected ActorAddress Vcpu(int index) => new(_machine, ActorRole.Vcpu, index);

    protected ActorAddress OnBoard(ActorRole role) => new(_machine, role, 0);

    private static int BadFile(out ulong value)
    {
        value = 0;
        return Errno.BadFile;
    }

    private ActorAddress Eventfd(int number) => new(_machine, ActorRole.Eventfd, number);

    private int OfVm(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.CreateDevice:
                return CreateDevice(request.Word1, request.Word2, out value);
            case KvmIoctl.SetGsiRouting:
                return SetRouting(request.Word1, (uint)request.Word2);
            case KvmIoctl.Irqfd:
                return Irqfd((int)request.Word1, (uint)request.Word2, IoctlMessage.Upper(in request), (int)request.Word3);
            default:
                return ServeVm(in request, out value);
        }
    }
}
