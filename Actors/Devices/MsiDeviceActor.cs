using Trapline.Actors.Statistics;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries the MSI device, in user space: each message to the doorbell is a KVM_SIGNAL_MSI. A message to any other address
/// is a write to memory that interrupts nobody; it is dropped.
/// </summary>
public sealed class MsiDeviceActor : DeviceActor, IMessageSender
{
    private readonly MsiDevice _device;
    private readonly ArrivalTimers _timers;
    private readonly ulong _base;
    private readonly ulong _doorbell;
    private readonly ActorAddress _controller;
    private readonly VirtualTime _injection;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="start">Where its registers are.</param>
    /// <param name="queues">How many queues it has.</param>
    /// <param name="doorbell">Where messages become interrupts.</param>
    /// <param name="controller">Who takes them.</param>
    /// <param name="injection">J.</param>
    public MsiDeviceActor(int machine, ulong start, int queues, ulong doorbell, ActorAddress controller, VirtualTime injection)
        : base(new ActorAddress(machine, ActorRole.MsiDevice, 0), queues)
    {
        _base = start;
        _doorbell = doorbell;
        _controller = controller;
        _injection = injection;
        _timers = new ArrivalTimers(this, this);
        _device = new MsiDevice(_timers, this, queues);
    }

    protected override InterruptSource Source => InterruptSource.Msi;

    protected override VirtualTime OutputCost => _injection;

    void IMessageSender.Send(int queue, ulong address, uint data)
    {
        if (address == _doorbell)
        {
            AddOutput(new DeviceOutput(data, true, address));
        }
    }

    protected override void SyncDevice(StateSync sync)
    {
        _device.SyncState(sync);
        _timers.SyncState(sync);
    }

    protected override void Perform(in Message request)
    {
        switch (request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(_device.Read(request.Word0 - _base, (int)request.Word1, out var value), value, ExitReasons.User(ActorRole.MsiDevice, isWrite: false));
                break;
            case MessageKind.MmioWrite:
                Complete(_device.Write(request.Word0 - _base, (int)request.Word1, request.Word2, Now), 0, ExitReasons.User(ActorRole.MsiDevice, isWrite: true));
                break;
            case MessageKind.Timer:
                _device.Expire(DeviceTimer(in request), Now);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        Send(_controller, MessageKind.MessageSignal, output.Number, levelAndSource, origin, output.Address);
        return true;
    }
}
