using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Carries PCH-MSI, the doorbell, which is in user space: what a guest writes to it becomes a KVM_SIGNAL_MSI. Where EIOINTC is
/// in user space too, the messages of devices come here as well.
/// </summary>
public sealed class PchMsiActor : DeviceActor
{
    private readonly PchMsi _device;
    private readonly ActorAddress _eiointc;
    private readonly DevicePlacement _placement;
    private readonly ActorAddress _boundary;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="placement">Where it and EIOINTC are.</param>
    public PchMsiActor(int machine, LoongArchProfile profile, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.PchMsi, 0))
    {
        _device = new PchMsi(this, profile);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
        _placement = placement;
        _boundary = new ActorAddress(machine, ActorRole.Boundary, 0);
    }

    protected override InterruptSource Source => InterruptSource.Controller;

    protected override VirtualTime OutputCost => _placement.InjectionCall;

    protected override void SyncDevice(StateSync sync)
    {
        // It keeps no state.
    }

    protected override void Perform(in Message request)
    {
        var offset = request.Word0 - LoongArchAddressMap.DoorbellBase;
        switch (request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(PchMsi.Read(offset, RegisterAccess.Width(in request), out var value), value, ExitReasons.User(ActorRole.PchMsi, isWrite: false));
                break;
            case MessageKind.MmioWrite:
                Complete(_device.Write(offset, RegisterAccess.Width(in request), request.Word2), 0, ExitReasons.User(ActorRole.PchMsi, isWrite: true));
                break;
            case MessageKind.MessageSignal:
                _device.Signal((uint)request.Word0);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        if (_placement.ControllersInUserSpace)
        {
            Send(_eiointc, MessageKind.PinInput, output.Number, levelAndSource, origin);
        }
        else
        {
            Send(_boundary, MessageKind.Ioctl, IoctlMessage.Head(KvmIoctl.SignalMsi), IoctlMessage.MessageWord((uint)output.Number, 0), levelAndSource, origin);
        }

        return true;
    }
}
