using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>The boundary of an ARM VM: GICv3 and ITSs in the kernel, KVM_ARM_VCPU_INIT.</summary>
/// <remarks>
/// Attributes that reach registers are refused while a vCPU is in KVM_RUN. KVM asks for the locks of the vCPUs; here each vCPU tells
/// when it has left KVM_RUN, and one that waits for an access that user space serves counts as inside.
/// </remarks>
public sealed partial class ArmBoundary : BoundaryActor, IArmInputs
{
    private const int PrivateShift = 32;

    private readonly ArmVmInterrupts _interrupts;

    // As VcpuFeatures has them, by id.
    private readonly uint[] _features;

    // In KVM_RUN, by id.
    private readonly bool[] _isRunning;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="maximumVcpus">As many vCPUs as the VM may have; the id of each is its index.</param>
    /// <param name="maximumIts">As many ITSs.</param>
    /// <param name="eventfds">How many eventfds user space has, numbered from 0.</param>
    public ArmBoundary(int machine, int maximumVcpus, int maximumIts, int eventfds)
        : base(machine, maximumVcpus, ArmVmInterrupts.FilesOf(maximumIts), eventfds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumVcpus, CpuAffinity.MaximumVcpus);
        _interrupts = new ArmVmInterrupts(this, maximumIts);
        _features = new uint[maximumVcpus];
        _isRunning = new bool[maximumVcpus];
    }

    protected override InterruptRouting Routing => _interrupts.Routing;

    private bool IsRunning => Array.IndexOf(_isRunning, true) >= 0;

    void IArmInputs.DrivePpi(int vcpu, int interruptId, bool level) =>
        AddOutput(new DeviceOutput((uint)interruptId | ((ulong)(uint)vcpu << PrivateShift), level, (ulong)Step.PrivatePin));

    protected override void SyncDevice(StateSync sync)
    {
        SyncFiles(sync);
        _interrupts.SyncState(sync);
        for (var vcpu = 0; vcpu < _features.Length; vcpu++)
        {
            sync.Begin("vcpu", vcpu);
            sync.Row("features", ref _features[vcpu]);
            sync.Row("running", ref _isRunning[vcpu]);
            sync.End();
        }

        SyncCalls(sync);
    }

    protected override bool TakeAtOnce(in Message message)
    {
        if (message.Kind != MessageKind.RunLeft)
        {
            return base.TakeAtOnce(in message);
        }

        _isRunning[message.Source.Index] = false;
        return true;
    }

    protected override void Perform(in Message request)
    {
        if (request.Kind != MessageKind.InterruptEnded)
        {
            base.Perform(in request);
            return;
        }

        foreach (var eventfd in _interrupts.Ended((int)Math.Min(request.Word0, int.MaxValue)))
        {
            AddOutput(new DeviceOutput((ulong)eventfd, true, (ulong)Step.Resample));
        }
    }

    protected override int SignalMessage(in KvmMessage message)
    {
        AddOutput(new DeviceOutput(message.Data, true, (ulong)Step.Message));
        return Errno.Success;
    }

    /// <summary>A message is that of the call at hand: only KVM_SIGNAL_MSI sends one from here.</summary>
    protected override void SendToController(Step step, in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        switch (step)
        {
            case Step.Pin:
                Send(OnBoard(ActorRole.Gic), MessageKind.PinInput, output.Number + InterruptIds.FirstSpi, levelAndSource, origin);
                break;
            case Step.PrivatePin:
                Send(Vcpu((int)(output.Number >> PrivateShift)), MessageKind.LineChange, (uint)output.Number, levelAndSource, origin, (ulong)Now.Picoseconds);
                break;
            default:
                var words = IoctlMessage.ToDoorbell(IoctlMessage.Signalled(in Request), levelAndSource);
                Send(OnBoard(ActorRole.Gic), MessageKind.MessageSignal, words.Word0, words.Word1, origin, words.Word3);
                break;
        }
    }

    protected override bool CanReach(Step step, in DeviceOutput output) => step switch
    {
        Step.Pin => output.Number < (ulong)RoutingRules.Arm.Pins,
        Step.PrivatePin => (uint)output.Number is >= InterruptIds.FirstPpi and < InterruptIds.PrivateCount && output.Number >> PrivateShift < (ulong)MaximumVcpus,
        _ => Request.Kind == MessageKind.Ioctl && IoctlMessage.Ioctl(in Request) == KvmIoctl.SignalMsi,
    };

    protected override (ulong LevelAndSource, ulong Origin) ToldCause(in Message call) =>
        IoctlMessage.Ioctl(in call) == KvmIoctl.SignalMsi ? IoctlMessage.SignalCause(in call) : base.ToldCause(in call);

    /// <summary>What the ITS says of a message is the result of the call.</summary>
    protected override void Answered(in Message answer)
    {
        if (answer.Kind == MessageKind.InputAnswer && Request.Kind == MessageKind.Ioctl && IoctlMessage.Ioctl(in Request) == KvmIoctl.SignalMsi)
        {
            Complete((int)(long)answer.Word2, 0);
            return;
        }

        base.Answered(in answer);
    }

    protected override bool IsKnown(ulong type) => type <= uint.MaxValue && ArmVmInterrupts.IsKnown((uint)type);

    protected override int CreateDevice(uint type, out DeviceFile file)
    {
        var result = _interrupts.CreateDevice(type, HasRun || IsRunning, out file);
        if (result == Errno.Success)
        {
            Send(OnBoard(ActorRole.Gic), MessageKind.Life, 1, (ulong)file.Type);
        }

        return result;
    }

    protected override ulong DeviceBits(in Message request) => IoctlMessage.Head(KvmIoctl.None, 0, IoctlMessage.Device(in request));

    protected override int ServeAttribute(in Message request, DeviceFile device, out ulong value)
    {
        var (group, attribute, given) = (IoctlMessage.Upper(in request), request.Word1, request.Word2);
        var bytes = (int)Math.Min(request.Word3, int.MaxValue);
        value = 0;
        if (IoctlMessage.Ioctl(in request) == KvmIoctl.HasDeviceAttribute)
        {
            return _interrupts.Vgic.Has(device, group, attribute);
        }

        var isSet = IoctlMessage.Ioctl(in request) == KvmIoctl.SetDeviceAttribute;
        var route = isSet
            ? _interrupts.Vgic.Set(device, group, attribute, given, bytes, IsRunning)
            : _interrupts.Vgic.Get(device, group, attribute, given, bytes, IsRunning);
        value = route.Value;
        if (route.Target == AttributeTarget.Vcpu)
        {
            ForwardAttribute(Vcpu(route.Vcpu));
        }
        else if (route.Target == AttributeTarget.Board && IsInitialization(in request))
        {
            _interrupts.InstallRouting();
            ForwardAttribute(OnBoard(ActorRole.Gic));
        }
        else if (route.Target == AttributeTarget.Board && group != GicAttributes.Address)
        {
            // Where the frames are the board's machine has decided: what user space sets is checked, and read back.
            ForwardAttribute(OnBoard(ActorRole.Gic));
        }

        return route.Result;
    }

    /// <summary>The distributor is built when it is initialised: then its number of interrupts is known.</summary>
    protected override ulong AttributeValue(in Message request) => IsInitialization(in request) ? (ulong)_interrupts.Vgic.Interrupts : base.AttributeValue(in request);

    private static bool IsInitialization(in Message request) => IoctlMessage.Device(in request).Type == KvmDeviceType.GicV3
        && (IoctlMessage.Upper(in request), request.Word1) == (GicAttributes.Control, GicAttributes.ControlInitialize);

    protected override int ServeVm(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.CreateIrqchip:
                // GICv2, which this host's GIC cannot back.
                return Errno.NoSuchDevice;
            case KvmIoctl.IrqLine:
                return _interrupts.IrqLine((uint)request.Word1, (request.Word2 & 1) != 0);
            case KvmIoctl.SignalMsi:
                return _interrupts.SignalMessage(IoctlMessage.Signalled(in request));
            default:
                return Errno.NotTypewriter;
        }
    }

    protected override int ServeVcpu(in Message request, int vcpu)
    {
        if (IoctlMessage.Ioctl(in request) != KvmIoctl.InitializeVcpu || _isRunning[vcpu])
        {
            // All else is the vCPU's half's.
            return Errno.InvalidArgument;
        }

        var result = VcpuFeatures.Initialize(ref _features[vcpu], (uint)request.Word2, (uint)Math.Min(request.Word3, uint.MaxValue));
        if (result == Errno.Success)
        {
            Send(Vcpu(vcpu), MessageKind.VcpuFeatures, request.Word3);
        }

        return result;
    }

    /// <summary>An initialised GIC has its CPUs (kvm_arch_vcpu_precreate).</summary>
    protected override int RefusesVcpu() => _interrupts.Vgic.IsInitialized ? Errno.Busy : Errno.Success;

    protected override void VcpuCreated(int vcpu) => _interrupts.Vgic.AddVcpu(vcpu);

    protected override int PrepareRun(int vcpu, bool isFirst)
    {
        var result = _features[vcpu] == 0 ? Errno.NotExecutable : _interrupts.Vgic.PrepareRun();
        _isRunning[vcpu] |= result == Errno.Success;
        return result;
    }

    protected override int AssignIrqfd(int eventfd, uint gsi, uint flags, int resample) => _interrupts.AssignIrqfd(eventfd, gsi, flags, resample);

    protected override void Destroyed(IReadOnlyList<int> vcpus)
    {
        foreach (var vcpu in vcpus)
        {
            Send(Vcpu(vcpu), MessageKind.Life, 0);
        }

        Array.Clear(_features);
        Array.Clear(_isRunning);
        Send(OnBoard(ActorRole.Gic), MessageKind.Life, 0);
        _interrupts.Destroy();
    }
}
