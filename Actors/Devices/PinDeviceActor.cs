using Trapline.Actors.Boundary;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries a device of user space that is memory-mapped and has one interrupt pin, which leads to an input of an
/// interrupt controller. Each time it drives the pin, also to the level it has, is a KVM_IRQ_LINE.
/// </summary>
public abstract class PinDeviceActor : DeviceActor
{
    private readonly PinWiring _wiring;
    private readonly DevicePlacement _placement;
    private readonly ActorAddress _boundary;
    private readonly int _readReason;
    private readonly int _writeReason;

    /// <param name="address">Of the device.</param>
    /// <param name="deviceTimers">How many timers it has.</param>
    /// <param name="wiring">Where its pin leads.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    protected PinDeviceActor(ActorAddress address, int deviceTimers, PinWiring wiring, DevicePlacement placement)
        : base(address, deviceTimers)
    {
        ArgumentNullException.ThrowIfNull(placement);
        _wiring = wiring;
        _placement = placement;
        _boundary = new ActorAddress(address.Machine, ActorRole.Boundary, 0);
        _readReason = ExitReasons.User(address.Role, isWrite: false);
        _writeReason = ExitReasons.User(address.Role, isWrite: true);
    }

    protected sealed override VirtualTime OutputCost => _placement.InjectionCall;

    protected sealed override ActorAddress BigLock => _placement.BigLock;

    protected sealed override void Perform(in Message request)
    {
        switch (request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(Read(request.Word0, RegisterAccess.Width(in request), out var value), value, _readReason);
                break;
            case MessageKind.MmioWrite:
                Complete(Write(request.Word0, RegisterAccess.Width(in request), request.Word2), 0, _writeReason);
                break;
            case MessageKind.Timer:
                Expire(DeviceTimer(in request));
                break;
            default:
                throw Unexpected(in request);
        }
    }

    protected sealed override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        if (_placement.ControllersInUserSpace)
        {
            Send(_wiring.Controller, MessageKind.PinInput, (ulong)_wiring.Pin, levelAndSource, origin);
        }
        else
        {
            Send(_boundary, MessageKind.Ioctl, IoctlMessage.Head(KvmIoctl.IrqLine), _wiring.Line, levelAndSource, origin);
        }

        return true;
    }

    protected abstract AccessOutcome Read(ulong address, int size, out ulong value);

    protected abstract AccessOutcome Write(ulong address, int size, ulong value);

    /// <summary>A timer of the device ran out.</summary>
    protected abstract void Expire(int timer);
}
