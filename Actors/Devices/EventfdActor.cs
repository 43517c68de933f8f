using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries an eventfd. With an irqfd a write goes, in the writer's own context, straight to the controller where its route
/// leads, which is the architecture's. Without one the VMM, if it polls the eventfd, is woken.
/// </summary>
public abstract class EventfdActor : DeviceActor, IInterruptInputs
{
    private Eventfd _device;
    private readonly int _machine;
    private readonly RoutingRules _rules;
    private readonly ActorAddress _poller;

    // Of the write that made the counter more than 0, for who reads it.
    private ulong _source;
    private ulong _origin;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="number">Of the eventfd.</param>
    /// <param name="rules">How the architecture routes interrupts.</param>
    /// <param name="poller">Who waits for it in user space; none where nobody does.</param>
    protected EventfdActor(int machine, int number, RoutingRules rules, ActorAddress poller)
        : base(new ActorAddress(machine, ActorRole.Eventfd, number))
    {
        _rules = rules;
        _device = new Eventfd(this, rules);
        _machine = machine;
        _poller = poller;
    }

    protected override InterruptSource Source => InterruptSource.Msi;

    /// <summary>Where it leads while an irqfd is tied to it.</summary>
    protected ref readonly GsiRoute Destination => ref _device.Route;

    void IInterruptInputs.DrivePin(int pin, bool level) => DrivePin(pin, level);

    int IInterruptInputs.SignalMessage(in KvmMessage message) => SignalMessage(in message);

    /// <inheritdoc cref="IInterruptInputs.DrivePin"/>
    protected abstract void DrivePin(int pin, bool level);

    /// <inheritdoc cref="IInterruptInputs.SignalMessage"/>
    protected abstract int SignalMessage(in KvmMessage message);

    /// <summary>A device of the board.</summary>
    protected ActorAddress OnBoard(ActorRole role) => new(_machine, role, 0);

    protected override void SyncDevice(StateSync sync)
    {
        _device.SyncState(sync);
        sync.Row("source", ref _source);
        sync.Row("origin", ref _origin);
    }

    /// <summary>Who polls it has read it. A count that nobody polls for stays where it is: eventfds have no place in a migration.</summary>
    protected override bool IsSettled => _poller == default || _device.Count == 0;

    protected override void ResetModel()
    {
        _device = new Eventfd(this, _rules);
        (_source, _origin) = (0, 0);
    }

    protected override void PerformGone(in Message request)
    {
        if (request.Kind == MessageKind.EventfdRead)
        {
            Send(request.Source, MessageKind.EventfdCount);
        }
    }

    protected override void Perform(in Message request)
    {
        switch (request.Kind)
        {
            case MessageKind.EventfdWrite:
                Write(in request);
                break;
            case MessageKind.EventfdRead:
                _ = _device.Read(out var count);
                Send(request.Source, MessageKind.EventfdCount, count, _source, _origin);
                break;
            case MessageKind.EventfdRoute:
                Route(in request);
                break;
            default:
                throw Unexpected(in request);
        }
    }

    private void Write(in Message request)
    {
        var wasEmpty = _device.Count == 0;
        _ = _device.Write(request.Word0);
        if (wasEmpty && _device.Count != 0)
        {
            (_source, _origin) = (request.Word1, request.Word2);
            if (_poller != default)
            {
                Send(_poller, MessageKind.EventfdReady);
            }
        }
    }

    private void Route(in Message request)
    {
        var route = new GsiRoute(
            0, (GsiRouteKind)(uint)request.Word1, 0, (uint)request.Word2, (uint)(request.Word2 >> 32), request.Word3, (uint)(request.Word1 >> 32));
        switch (request.Word0)
        {
            case 0:
                _device.Detach();
                break;
            case 1:
                _device.Attach(route);
                break;
            default:
                _device.Reroute(route);
                break;
        }
    }
}
