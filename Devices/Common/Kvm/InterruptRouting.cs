using Trapline.Messages.State;

namespace Trapline.Devices.Common.Kvm;

/// <summary>
/// The part of a VM's interrupt ioctls that is the same on every architecture: the table of GSIs, and the eventfds that are
/// tied to them (virt/kvm/irqchip.c, virt/kvm/eventfd.c). A call that fails changes nothing.
/// </summary>
public sealed class InterruptRouting(RoutingRules rules)
{
    /// <summary>KVM_IRQFD_FLAG_DEASSIGN.</summary>
    public const uint IrqfdDeassign = 1;

    /// <summary>KVM_IRQFD_FLAG_RESAMPLE. Accepted everywhere; LoongArch never sends the notification, so that the resample eventfd stays silent there.</summary>
    public const uint IrqfdResample = 2;

    private readonly GsiRoutingTable _routes = new(rules);
    private readonly List<Irqfd> _irqfds = [];

    /// <summary>How it differs from other architectures'.</summary>
    public RoutingRules Rules => rules;

    /// <summary>The eventfds that are tied to a GSI, in the order in which they were.</summary>
    public IEnumerable<int> Eventfds => _irqfds.Select(irqfd => irqfd.Eventfd);

    /// <summary>The interrupt controller is there: GSI n leads to its pin n.</summary>
    public void InstallDefault(int pins) => _routes.InstallDefault(pins);

    /// <summary>KVM_SET_GSI_ROUTING: irqfds that exist follow the new table.</summary>
    public int SetRouting(ReadOnlySpan<GsiRoute> routes, uint flags) => _routes.Replace(routes, flags);

    /// <summary>Where a GSI leads; its kind is None where it has no entry.</summary>
    public GsiRoute Find(uint gsi) => _routes.Find(gsi);

    /// <summary>KVM_IRQFD without <see cref="IrqfdDeassign"/>.</summary>
    /// <param name="eventfd">User space's number for the eventfd; negative is no file.</param>
    /// <param name="gsi">Where its signals go.</param>
    /// <param name="flags">0 or <see cref="IrqfdResample"/>.</param>
    /// <param name="resample">The eventfd that is written when the guest has ended the level, with that flag; -1 is no file.</param>
    /// <param name="refused">What the VM says while it has no interrupt controller that is ready; 0 once it has.</param>
    /// <returns>0; EINVAL for unknown flags or no GSI, what the VM refuses with, EBADF, EBUSY where the eventfd is assigned already.</returns>
    public int AssignIrqfd(int eventfd, uint gsi, uint flags, int resample, int refused)
    {
        if ((flags & ~IrqfdResample) != 0 || gsi >= GsiRoutingTable.Limit)
        {
            return Errno.InvalidArgument;
        }

        if (refused != Errno.Success)
        {
            return refused;
        }

        var resamples = rules.Resamples && (flags & IrqfdResample) != 0;
        if (eventfd < 0 || (resamples && resample < 0))
        {
            return Errno.BadFile;
        }

        if (IsAssigned(eventfd))
        {
            return Errno.Busy;
        }

        _irqfds.Add(new Irqfd { Eventfd = eventfd, Gsi = gsi, Resample = resamples ? resample + 1 : 0 });
        return Errno.Success;
    }

    /// <summary>KVM_IRQFD with <see cref="IrqfdDeassign"/>; closing the eventfd does the same.</summary>
    /// <returns>0, also where there was none.</returns>
    public int DeassignIrqfd(int eventfd, uint gsi)
    {
        _irqfds.RemoveAll(each => each.Eventfd == eventfd && each.Gsi == gsi);
        return Errno.Success;
    }

    /// <summary>Whether an eventfd is tied to a GSI.</summary>
    public bool IsAssigned(int eventfd) => _irqfds.Exists(each => each.Eventfd == eventfd);

    /// <summary>Where the GSI leads that an eventfd is tied to.</summary>
    public GsiRoute RouteOf(int eventfd) =>
        _irqfds.FindIndex(each => each.Eventfd == eventfd) is >= 0 and var index ? _routes.Find(_irqfds[index].Gsi) : default;

    /// <summary>
    /// The guest has ended the interrupt at a pin: the eventfds that are to be written, in the order in which they were
    /// tied. If there is one, the pin falls first.
    /// </summary>
    public IEnumerable<int> Ended(int pin)
    {
        var gsi = _routes.FindPin(pin);
        return _irqfds.Where(irqfd => irqfd.Resample != 0 && irqfd.Gsi == gsi).Select(irqfd => irqfd.Resample - 1);
    }

    /// <summary>The VM is destroyed. The eventfds are user space's and stay.</summary>
    public void Clear()
    {
        _routes.Clear();
        _irqfds.Clear();
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        _routes.SyncState(sync);
        sync.List("irqfds", "irqfd", _irqfds, GsiRoutingTable.Limit, (StateSync rows, ref Irqfd irqfd) => irqfd.SyncState(rows, rules));
        for (var i = 0; sync.Loading && i < _irqfds.Count; i++)
        {
            var (eventfd, gsi) = (_irqfds[i].Eventfd, _irqfds[i].Gsi);
            if (eventfd < 0 || gsi >= GsiRoutingTable.Limit || _irqfds[i].Resample < 0 || _irqfds.FindIndex(each => each.Eventfd == eventfd) < i)
            {
                throw new StateFormatException($"row 'irqfd[{i}]': eventfd {eventfd} at GSI {gsi} is none that can be assigned, or is assigned twice");
            }
        }
    }
}
