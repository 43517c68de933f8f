using Trapline.Actors.Statistics;
using Trapline.Devices.Common.Sources;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries the MSI device. In user space each message to the doorbell is a KVM_SIGNAL_MSI, or a write to the doorbell there.
/// With its queues in the kernel, as vhost has them, each message is a write to the queue's eventfd, and the VMM is told what
/// the guest makes of the MSI-X table. A message to any other address is a write to memory that interrupts nobody; it is dropped.
/// </summary>
public sealed class MsiDeviceActor : DeviceActor, IMessageSender
{
    /// <summary>In place of an address: no message, but an entry of the table that has changed.</summary>
    private const ulong EntryChanged = 1;

    private MsiDevice _device;
    private ArrivalTimers _timers;
    private readonly ulong _base;
    private readonly MessageTarget _target;
    private readonly DevicePlacement _placement;
    private readonly bool _signalsEventfds;
    private readonly ActorAddress _boundary;
    private readonly ActorAddress _vmm;
    private readonly ActorAddress _pchMsi;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="start">Where its registers are.</param>
    /// <param name="queues">How many queues it has.</param>
    /// <param name="target">Where messages become interrupts.</param>
    /// <param name="placement">Where it and the controllers are.</param>
    /// <param name="signalsEventfds">Its queues are in the kernel; the eventfd of each has the queue's number.</param>
    public MsiDeviceActor(int machine, ulong start, int queues, MessageTarget target, DevicePlacement placement, bool signalsEventfds)
        : base(new ActorAddress(machine, ActorRole.MsiDevice, 0), queues)
    {
        ArgumentNullException.ThrowIfNull(placement);
        _base = start;
        _target = target;
        _placement = placement;
        _signalsEventfds = signalsEventfds;
        _boundary = new ActorAddress(machine, ActorRole.Boundary, 0);
        _vmm = new ActorAddress(machine, ActorRole.Vmm, 0);
        _pchMsi = new ActorAddress(machine, ActorRole.PchMsi, 0);
        _timers = new ArrivalTimers(this, this);
        _device = new MsiDevice(_timers, this, queues);
    }

    protected override InterruptSource Source => InterruptSource.Msi;

    /// <summary>A kernel thread signals its eventfd without a call; what the VMM pays to learn of an entry it says itself.</summary>
    protected override VirtualTime OutputCost => _signalsEventfds ? VirtualTime.Zero : _placement.InjectionCall;

    protected override ActorAddress BigLock => _signalsEventfds ? default : _placement.BigLock;

    protected override bool Raises(in DeviceOutput output) => output.Address != EntryChanged;

    void IMessageSender.Send(int queue, ulong address, uint data)
    {
        if (address == _target.Doorbell)
        {
            AddOutput(new DeviceOutput(_signalsEventfds ? (ulong)queue : data, true, address));
        }
    }

    protected override void SyncDevice(StateSync sync)
    {
        _device.SyncState(sync);
        _timers.SyncState(sync);
    }

    protected override void SyncModel(StateSync sync) => SyncDevice(sync);

    protected override void ResetModel()
    {
        _timers = new ArrivalTimers(this, this);
        _device = new MsiDevice(_timers, this, _device.Queues);
    }

    protected override void Perform(in Message request)
    {
        switch (request.Kind)
        {
            case MessageKind.MmioRead:
                Complete(_device.Read(request.Word0 - _base, RegisterAccess.Width(in request), out var value), value, ExitReasons.User(ActorRole.MsiDevice, isWrite: false));
                break;
            case MessageKind.MmioWrite:
                Write(in request);
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
        if (output.Address == EntryChanged)
        {
            var queue = (int)output.Number;
            var entry = _device.EntryOf(queue);
            var isUsed = !entry.IsMasked && entry.Address == _target.Doorbell;
            Send(_vmm, MessageKind.MessageRoute, output.Number, entry.Data | ((ulong)_target.DeviceId.GetValueOrDefault() << 32), entry.Address, isUsed ? 1UL : 0);
        }
        else if (_signalsEventfds)
        {
            Send(new ActorAddress(Address.Machine, ActorRole.Eventfd, (int)output.Number), MessageKind.EventfdWrite, 1, levelAndSource, origin);
        }
        else if (_placement.ControllersInUserSpace)
        {
            Send(_pchMsi, MessageKind.MessageSignal, output.Number, levelAndSource, origin, output.Address);
        }
        else
        {
            SendSignal(_boundary, _target.MessageOf((uint)output.Number), levelAndSource, origin);
        }

        return true;
    }

    /// <summary>The VMM sees every write to the table, for the table is what its irqfds follow; before a message that the write lets out.</summary>
    private void Write(in Message request)
    {
        var offset = request.Word0 - _base;
        var queue = MsiRegisters.QueueOfEntry(offset);
        var before = _device.EntryOf(queue);
        if (_signalsEventfds && queue >= 0)
        {
            AddOutput(new DeviceOutput((ulong)queue, true, EntryChanged));
        }

        Complete(_device.Write(offset, RegisterAccess.Width(in request), request.Word2, Now), 0, ExitReasons.User(ActorRole.MsiDevice, isWrite: true));
        if (_signalsEventfds && queue >= 0 && before == _device.EntryOf(queue))
        {
            DropFirstOutput();
        }
    }
}
