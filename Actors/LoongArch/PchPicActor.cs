using System.Numerics;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>Carries PCH-PIC behind its lock, as in the kernel. Its outputs are inputs of EIOINTC.</summary>
public sealed class PchPicActor : DeviceActor
{
    private readonly LoongArchProfile _profile;
    private PchPic _device;

    // In the kernel from KVM_CREATE_DEVICE to the end of the VM; in user space always.
    private bool _exists;
    private readonly ActorAddress _eiointc;
    private readonly bool _inUserSpace;
    private readonly ulong[] _readExits;
    private readonly ulong[] _writeExits;

    public PchPicActor(int machine, int vcpus, LoongArchProfile profile, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.PchPic, 0))
    {
        ArgumentNullException.ThrowIfNull(placement);
        _inUserSpace = placement.ControllersInUserSpace;
        _profile = profile;
        _exists = _inUserSpace;
        _device = new PchPic(this, profile);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
        _readExits = new ulong[vcpus];
        _writeExits = new ulong[vcpus];
    }

    protected override InterruptSource Source => InterruptSource.Controller;

    /// <summary>vCPUs of the machine.</summary>
    public int Vcpus => _readExits.Length;

    /// <summary>Requests that wait behind INT_MASK.</summary>
    public int Masked => BitOperations.PopCount(_device.Unsent);

    /// <summary>KVM's statistics pch_pic_read_exits and pch_pic_write_exits of a vCPU; it knows of no access that user space serves.</summary>
    public (ulong Reads, ulong Writes) ExitsOf(int vcpu) => (_readExits[vcpu], _writeExits[vcpu]);

    protected override void SyncDevice(StateSync sync)
    {
        sync.Row("exists", ref _exists);
        _device.SyncState(sync);
        sync.Row("pch_pic_read_exits", _readExits);
        sync.Row("pch_pic_write_exits", _writeExits);
    }

    protected override void SyncModel(StateSync sync) => _device.SyncState(sync);

    protected override void ChangeLife(bool exists)
    {
        _exists = exists;
        _device = new PchPic(this, _profile);
    }

    protected override void Perform(in Message request)
    {
        var offset = request.Word0 - LoongArchAddressMap.PchPicBase;
        var size = RegisterAccess.Width(in request);
        switch (request.Kind)
        {
            case MessageKind.DeviceAttribute:
                Complete(ControllerCalls.ServeAttribute(in request, new PchPicUapi(_device), out var attribute), attribute);
                Observer?.Replaced(this);
                break;
            case MessageKind.PinInput when !_exists:
                // It was on its way when the VM was destroyed.
                break;
            case MessageKind.MmioRead or MessageKind.MmioWrite when !IsMapped:
                Complete(AccessOutcome.UserSpace, 0, 0);
                break;
            case MessageKind.MmioRead:
                Count(_readExits, RegisterAccess.Vcpu(in request), offset, size);
                Complete(_device.Read(offset, size, out var value), value, ExitReasons.PchPicRead(offset, _inUserSpace));
                break;
            case MessageKind.MmioWrite:
                Count(_writeExits, RegisterAccess.Vcpu(in request), offset, size);
                Complete(_device.Write(offset, size, request.Word2), 0, ExitReasons.PchPicWrite(offset, _inUserSpace));
                break;
            case MessageKind.PinInput:
                _device.Input((int)request.Word0, (request.Word1 & 1) != 0);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        Send(_eiointc, MessageKind.PinInput, output.Number, levelAndSource, origin);
        return true;
    }

    protected override bool CanHave(in DeviceOutput output) => output.Number < Eiointc.Vectors;

    /// <summary>In the kernel from CTRL_INIT on, and where that has put it; it could be moved away from where its board has it.</summary>
    private bool IsMapped => _exists && (_inUserSpace || _device.Base == LoongArchAddressMap.PchPicBase);

    private void Count(ulong[] exits, int vcpu, ulong offset, int size) => exits[CheckVcpu(vcpu)] += !_inUserSpace && _device.IsCounted(offset, size) ? 1UL : 0;

    private int CheckVcpu(int vcpu) => vcpu < _readExits.Length
        ? vcpu
        : throw new SimulationException($"{Address} got an access at {Now} on behalf of vCPU {vcpu}, but the machine has {_readExits.Length}");
}
