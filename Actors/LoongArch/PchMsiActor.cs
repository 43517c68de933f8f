using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Devices.LoongArch.PchMsi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Carries PCH-MSI: the doorbell, which is in user space, and KVM_SIGNAL_MSI, to which both a guest's own write to the
/// doorbell and the messages of devices lead.
/// </summary>
public sealed class PchMsiActor : DeviceActor
{
    private readonly PchMsi _device;
    private readonly ActorAddress _eiointc;
    private readonly DevicePlacement _placement;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="placement">Where it and EIOINTC are.</param>
    public PchMsiActor(int machine, LoongArchProfile profile, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.PchMsi, 0))
    {
        _device = new PchMsi(this, profile);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
        _placement = placement;
    }

    protected override InterruptSource Source => InterruptSource.Controller;

    /// <summary>A message of a device has been paid for by the device, whose thread makes the call.</summary>
    protected override VirtualTime OutputCost => Request.Kind == MessageKind.MessageSignal ? VirtualTime.Zero : _placement.InjectionCall;

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
        Send(_eiointc, MessageKind.PinInput, output.Number, levelAndSource, origin);
        return true;
    }
}
