using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// An eventfd and the irqfd that may be tied to it (fs/eventfd.c, virt/kvm/eventfd.c). With an irqfd each write is one
/// interrupt, whatever number it adds, delivered in the context of the writer; without one the counter grows until
/// somebody reads it.
/// </summary>
/// <remarks>
/// LoongArch and ARM drive a pin high, in the writer's context, and never low again, so that a level-triggered one stays
/// asserted until KVM_IRQ_LINE says otherwise, or, of an irqfd that resamples, until the guest has ended it.
/// </remarks>
public sealed class Eventfd(IInterruptInputs inputs, RoutingRules rules)
{
    /// <summary>A counter never holds all ones.</summary>
    private const ulong Greatest = ulong.MaxValue - 1;

    private GsiRoute _route;
    private bool _isAttached;
    private ulong _count;

    public ulong Count => _count;

    public bool IsAttached => _isAttached;

    /// <summary>Where signals go while it is attached.</summary>
    public ref readonly GsiRoute Route => ref _route;

    /// <summary>KVM_IRQFD: signals go where the GSI leads. If the counter is not 0 already, one interrupt is injected at once.</summary>
    public void Attach(in GsiRoute route)
    {
        _isAttached = true;
        _route = route;
        if (_count != 0)
        {
            _count = 0;
            Inject();
        }
    }

    /// <summary>The routing table was replaced.</summary>
    public void Reroute(in GsiRoute route)
    {
        if (_isAttached)
        {
            _route = route;
        }
    }

    /// <summary>The irqfd is taken away, or its VM has gone: signals are counted again.</summary>
    public void Detach()
    {
        _isAttached = false;
        _route = default;
    }

    /// <returns>0; EINVAL for all ones, EAGAIN where the counter has no room.</returns>
    public int Write(ulong value)
    {
        if (value == ulong.MaxValue)
        {
            return Errno.InvalidArgument;
        }

        if (_isAttached)
        {
            if (value != 0)
            {
                Inject();
            }

            return Errno.Success;
        }

        if (value > Greatest - _count)
        {
            return Errno.TryAgain;
        }

        _count += value;
        return Errno.Success;
    }

    /// <returns>0 with the count, which is 0 afterwards; EAGAIN where it was 0.</returns>
    public int Read(out ulong value)
    {
        value = _count;
        _count = 0;
        return value == 0 ? Errno.TryAgain : Errno.Success;
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("count", ref _count);
        sync.Row("attached", ref _isAttached);
        sync.Begin("route");
        _route.SyncState(sync, rules, out _route);
        sync.End();
        if (sync.Loading && (_count > Greatest || (_route.Kind != GsiRouteKind.None && !GsiRoutingTable.IsValid(in _route, rules))))
        {
            throw new StateFormatException($"row 'count' or 'route': a count of 0x{_count:x} or {_route} is none that an eventfd can have");
        }
    }

    private void Inject()
    {
        switch (_route.Kind)
        {
            case GsiRouteKind.Irqchip:
                inputs.DrivePin((int)_route.PinOrData, true);
                break;
            case GsiRouteKind.Msi:
                _ = inputs.SignalMessage(_route.Message);
                break;
            default:
                // A GSI without an entry: the signal is lost.
                break;
        }
    }
}
