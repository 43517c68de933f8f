using Trapline.Actors.Devices;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Carries EIOINTC, with the rows of all CPUs, behind one lock as in the kernel: accesses of every vCPU, masked writes by
/// ANY_SEND, inputs from PCH-PIC and PCH-MSI. Its outputs are the lines HWI0 to HWI7 of the vCPUs.
/// </summary>
public sealed class EiointcActor : DeviceActor
{
    private readonly CpuIdMap _cpuIds;
    private readonly DevicePlacement _placement;
    private readonly LoongArchProfile _profile;
    private readonly int _vcpus;
    private Eiointc _device;

    // In the kernel from KVM_CREATE_DEVICE to the end of the VM; in user space always.
    private bool _exists;
    private readonly VectorFates _fates = new();

    /// <param name="machine">Number of the machine.</param>
    /// <param name="vcpus">How many it has.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="cpuIds">This actor's own copy of the map.</param>
    /// <param name="placement">Whether it is in the kernel or in user space.</param>
    public EiointcActor(int machine, int vcpus, LoongArchProfile profile, CpuIdMap cpuIds, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.Eiointc, 0))
    {
        ArgumentNullException.ThrowIfNull(placement);
        _placement = placement;
        _cpuIds = cpuIds;
        _profile = profile;
        _vcpus = vcpus;
        _exists = placement.ControllersInUserSpace;
        _device = Fresh();
    }

    /// <summary>What became of what was raised; what waits behind ENABLE is in <see cref="Masked"/>.</summary>
    public InterruptFates Fates => _fates.Total;

    /// <summary>Raises that wait behind a clear bit of ENABLE.</summary>
    public int Masked => _fates.Hidden;

    /// <summary>KVM's statistics eiointc_read_exits and eiointc_write_exits of a vCPU; it knows of no access that user space serves.</summary>
    public (ulong Reads, ulong Writes) ExitsOf(int vcpu) =>
        _placement.ControllersInUserSpace ? default : (_device.ReadExits(vcpu), _device.WriteExits(vcpu));

    protected override bool Listens => true;

    protected override VirtualTime OutputCost => _placement.LineCall;

    protected override InterruptSource Source => InterruptSource.Controller;

    protected override void SyncDevice(StateSync sync)
    {
        _cpuIds.SyncState(sync);
        sync.Row("exists", ref _exists);
        _device.SyncState(sync);
        _fates.SyncState(sync);
    }

    protected override void SyncModel(StateSync sync) => _device.SyncState(sync);

    /// <summary>In the kernel who has which id goes with the VM; in user space it is part of the machine.</summary>
    protected override void ChangeLife(bool exists)
    {
        _exists = exists;
        _device = Fresh();
        if (!exists && !_placement.ControllersInUserSpace)
        {
            _cpuIds.Clear();
        }
    }

    protected override bool TakeAtOnce(in Message message)
    {
        if (message.Kind != MessageKind.Publish)
        {
            return false;
        }

        if (CpuIdCopy.TakeOver(_cpuIds, in message))
        {
            Send(message.Source, MessageKind.PublishAnswer, message.Word0, word3: message.Word3);
        }

        return true;
    }

    protected override void Reported(in DeviceReport report) => _fates.Note(in report, isInput: Request.Kind == MessageKind.PinInput);

    protected override void Perform(in Message request)
    {
        var vcpu = RegisterAccess.Vcpu(in request);
        switch (request.Kind)
        {
            case MessageKind.DeviceAttribute:
                Complete(ControllerCalls.ServeAttribute(in request, new EiointcUapi(_device, _vcpus, _profile.EiointcLoad), out var attribute), attribute);
                Observer?.Replaced(this);
                break;
            case MessageKind.PinInput when !_exists:
                // It was on its way when the VM was destroyed.
                break;
            case MessageKind.IocsrRead or MessageKind.IocsrWrite or MessageKind.AnySend when !_exists:
                Complete(AccessOutcome.UserSpace, 0, 0);
                break;
            case MessageKind.IocsrRead:
                Complete(_device.Read(vcpu, request.Word0, RegisterAccess.Width(in request), out var value), value, ExitReasons.EiointcRead(request.Word0, _placement.ControllersInUserSpace));
                break;
            case MessageKind.IocsrWrite:
                Complete(_device.Write(vcpu, request.Word0, RegisterAccess.Width(in request), request.Word2), 0, ExitReasons.EiointcWrite(request.Word0, _placement.ControllersInUserSpace));
                break;
            case MessageKind.AnySend:
                Complete(_device.MaskedWrite((int)(request.Word0 >> 48), (uint)request.Word0, (int)(request.Word0 >> 32) & 0xF, (uint)request.Word1), 0, 0);
                break;
            case MessageKind.PinInput:
                Input((int)request.Word0, (request.Word1 & 1) != 0);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        var pin = (int)output.Number;
        var vcpu = new ActorAddress(Address.Machine, ActorRole.Vcpu, Eiointc.VcpuOf(pin));
        Send(vcpu, MessageKind.LineChange, (ulong)(CpuLines.Hwi0 + Eiointc.HwiOf(pin)), levelAndSource, origin, (ulong)Now.Picoseconds);
        return true;
    }

    protected override bool CanHave(in DeviceOutput output) => output.Number < (ulong)(_vcpus * Eiointc.LinesPerVcpu);

    /// <summary>In the kernel user space says how many CPUs and which features it has.</summary>
    private Eiointc Fresh() => new(this, _profile, _cpuIds, _vcpus, _placement.ControllersInUserSpace ? Eiointc.QemuFeatures : null);

    private void Input(int vector, bool level)
    {
        _device.Input(vector, level);
        if (!level)
        {
            _fates.SourceFell(vector);
        }
    }
}
