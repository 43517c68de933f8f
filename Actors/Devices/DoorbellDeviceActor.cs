using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries a doorbell device. What the guest rings is a write of the VMM to an eventfd, which reaches the peer's VMM over the
/// path between the machines; the main loop there reads it under the big lock and sends the message of the vector's MSI-X
/// entry, as a device in user space does. A message to another address than PCH-MSI's is a write to memory that interrupts
/// nobody; it is dropped.
/// </summary>
public sealed class DoorbellDeviceActor : DeviceActor, IMessageSender, IDoorbellPeers
{
    private readonly DoorbellPlace _place;
    private readonly DevicePlacement _placement;
    private readonly ActorAddress _boundary;
    private readonly ActorAddress _pchMsi;
    private DoorbellDevice _device;
    private DoorbellFates _fates;

    /// <param name="machine">Number of the machine, and the device's own among its peers.</param>
    /// <param name="place">Where it is, and who its peers are.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    public DoorbellDeviceActor(int machine, DoorbellPlace place, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.DoorbellDevice, 0))
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(placement);
        _place = place;
        _placement = placement;
        _boundary = new ActorAddress(machine, ActorRole.Boundary, 0);
        _pchMsi = new ActorAddress(machine, ActorRole.PchMsi, 0);
        _device = NewDevice();
    }

    /// <summary>What became of rings, until their messages leave for the interrupt controller.</summary>
    public DoorbellFates Fates => _fates with { Masked = _device.Masked, Signalled = _device.Signalled };

    protected override InterruptSource Source => InterruptSource.Doorbell;

    protected override bool Listens => true;

    /// <summary>A system call each: write to a peer's eventfd, or KVM_SIGNAL_MSI where PCH-MSI's neighbour is in the kernel.</summary>
    protected override VirtualTime OutputCost => IsRing(in Request) ? _placement.Ioctl : _placement.InjectionCall;

    protected override ActorAddress BigLock => _placement.BigLock;

    protected override void SyncDevice(StateSync sync)
    {
        _device.SyncState(sync);
        _fates.SyncState(sync);
    }

    protected override void SyncModel(StateSync sync) => _device.SyncState(sync);

    protected override void ResetModel() => _device = NewDevice();

    protected override void Reported(in DeviceReport report)
    {
        _fates.Coalesced += report.Kind == ReportKind.Coalesced ? 1 : 0;
        _fates.Refused += report.Kind == ReportKind.Refused && AccessDetail.SizeOf(report.Detail) == 0 ? 1 : 0;
    }

    /// <summary>A write to an eventfd needs nobody's lock; the main loop that it wakes does.</summary>
    protected override bool TakeAtOnce(in Message message)
    {
        if (message.Kind != MessageKind.DoorbellRing)
        {
            return false;
        }

        if (message.Word0 >= (ulong)_device.Vectors)
        {
            throw Unexpected(in message);
        }

        _fates.Arrived++;
        return !_device.Signal((int)message.Word0);
    }

    protected override bool IsOwnThread(in Message message) => message.Kind == MessageKind.DoorbellRing;

    protected override void Perform(in Message request)
    {
        var offset = request.Word0 - _place.Start;
        switch (request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(_device.Read(offset, RegisterAccess.Width(in request), out var value), value, ExitReasons.DoorbellRead);
                break;
            case MessageKind.MmioWrite:
                Complete(_device.Write(offset, RegisterAccess.Width(in request), request.Word2), 0, ExitReasons.DoorbellWrite);
                break;
            case MessageKind.DoorbellRing when request.Word0 < (ulong)_device.Vectors:
                _device.Notify((int)request.Word0);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    /// <summary>A ring is a post: the writer of an eventfd does not learn what becomes of it.</summary>
    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        if (output.Address != 0)
        {
            _fates.Sent++;
            Send(new ActorAddress((int)output.Address - 1, ActorRole.DoorbellDevice, 0), MessageKind.DoorbellRing, output.Number, levelAndSource, origin);
            return false;
        }

        if (_placement.ControllersInUserSpace)
        {
            Send(_pchMsi, MessageKind.MessageSignal, output.Number, levelAndSource, origin, _place.Target.Doorbell);
        }
        else
        {
            SendSignal(_boundary, _place.Target.MessageOf((uint)output.Number), levelAndSource, origin);
        }

        return true;
    }

    /// <summary>An output that is a ring has the peer above 0 as its address.</summary>
    protected override bool CanHave(in DeviceOutput output) =>
        output.Address == 0 ? output.Number <= uint.MaxValue : output.Address <= (ulong)_place.Peers && output.Number < (ulong)_device.Vectors;

    void IDoorbellPeers.Ring(int peer, int vector) => AddOutput(new DeviceOutput((ulong)vector, true, (ulong)peer + 1));

    void IMessageSender.Send(int queue, ulong address, uint data)
    {
        if (address == _place.Target.Doorbell)
        {
            AddOutput(new DeviceOutput(data, true));
        }
    }

    private bool IsRing(in Message request) => request.Kind == MessageKind.MmioWrite && request.Word0 - _place.Start < DoorbellRegisters.RegistersEnd;

    private DoorbellDevice NewDevice() => new(this, this, this, Address.Machine, _place.Peers, _place.Vectors);
}
