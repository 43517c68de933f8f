using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Routing;

/// <summary>
/// The interrupt ioctls of a LoongArch VM, as Linux KVM answers them: creating the controllers, KVM_IRQ_LINE,
/// KVM_SET_GSI_ROUTING, KVM_SIGNAL_MSI, KVM_IRQFD (arch/loongarch/kvm/vm.c, irqfd.c, virt/kvm/eventfd.c). A call that
/// fails changes nothing.
/// </summary>
public sealed class VmInterrupts(IInterruptInputs inputs)
{
    /// <summary>KVM_IRQFD_FLAG_DEASSIGN.</summary>
    public const uint IrqfdDeassign = 1;

    /// <summary>KVM_IRQFD_FLAG_RESAMPLE. Accepted; LoongArch never sends the notification, so the resample eventfd stays silent.</summary>
    public const uint IrqfdResample = 2;

    /// <summary>KVM_CREATE_DEVICE_TEST.</summary>
    public const uint CreateDeviceTest = 1;

    /// <summary>What KVM_IRQ_LINE_STATUS says where nothing was delivered.</summary>
    public const int NotDelivered = -1;

    private const uint FirstDevice = (uint)KvmDeviceType.Ipi;
    private const uint LastDevice = (uint)KvmDeviceType.PchPic;
    private const uint AllDevices = 7;

    private readonly GsiRoutingTable _routes = new();
    private readonly List<Irqfd> _irqfds = [];
    private uint _created;

    /// <summary>All three controllers are in the kernel: before that no interrupt can be injected by GSI or message.</summary>
    public bool IsComplete => _created == AllDevices;

    /// <summary>Whether LoongArch has devices of a type.</summary>
    public static bool IsKnown(uint type) => type is >= FirstDevice and <= LastDevice;

    /// <summary>KVM_CREATE_DEVICE. No EEXIST is used.</summary>
    /// <returns>0; EINVAL for a second one of its kind; ENODEV for a type that LoongArch has not.</returns>
    public int CreateDevice(uint type)
    {
        if (!IsKnown(type))
        {
            return Errno.NoSuchDevice;
        }

        var bit = 1u << (int)(type - FirstDevice);
        if ((_created & bit) != 0)
        {
            return Errno.InvalidArgument;
        }

        _created |= bit;
        if (type == (uint)KvmDeviceType.PchPic)
        {
            _routes.InstallDefault();
        }

        return Errno.Success;
    }

    /// <summary>KVM_SET_GSI_ROUTING: irqfds that exist follow the new table.</summary>
    public int SetRouting(ReadOnlySpan<GsiRoute> routes, uint flags) => _routes.Replace(routes, flags);

    /// <summary>KVM_IRQ_LINE_STATUS.</summary>
    /// <param name="gsi">Pin number from 0, unless the table was replaced.</param>
    /// <param name="level">Of a message only high means anything.</param>
    /// <param name="status">0 if it was delivered, never a count; <see cref="NotDelivered"/> without an entry, or for a message's low.</param>
    /// <returns>0, or ENXIO where a controller is missing.</returns>
    public int IrqLine(uint gsi, bool level, out int status)
    {
        status = NotDelivered;
        if (!IsComplete)
        {
            return Errno.NoSuchAddress;
        }

        status = Inject(gsi, level);
        return Errno.Success;
    }

    /// <summary>KVM_SIGNAL_MSI. The address does not matter without DMSINTC.</summary>
    /// <returns>0, although the interface says that more than 0 means delivered; EINVAL where a controller is missing, a flag is set, or the data are no vector.</returns>
    public int SignalMessage(uint data, uint flags) => IsComplete && flags == 0 ? inputs.SignalMessage(data) : Errno.InvalidArgument;

    /// <summary>KVM_IRQFD without <see cref="IrqfdDeassign"/>.</summary>
    /// <param name="eventfd">User space's number for the eventfd; negative is no file.</param>
    /// <param name="gsi">Where its signals go.</param>
    /// <param name="flags">0 or <see cref="IrqfdResample"/>.</param>
    /// <returns>0; EAGAIN where a controller is missing, EINVAL for unknown flags or no GSI, EBADF, EBUSY where the eventfd is assigned already.</returns>
    public int AssignIrqfd(int eventfd, uint gsi, uint flags)
    {
        if ((flags & ~IrqfdResample) != 0 || gsi >= GsiRoutingTable.Limit)
        {
            return Errno.InvalidArgument;
        }

        if (!IsComplete)
        {
            return Errno.TryAgain;
        }

        if (eventfd < 0)
        {
            return Errno.BadFile;
        }

        if (_irqfds.Exists(each => each.Eventfd == eventfd))
        {
            return Errno.Busy;
        }

        _irqfds.Add(new Irqfd { Eventfd = eventfd, Gsi = gsi });
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

    /// <summary>The eventfds that are tied to a GSI, in the order in which they were.</summary>
    public IEnumerable<int> Eventfds => _irqfds.Select(irqfd => irqfd.Eventfd);

    /// <summary>The VM is destroyed: controllers, routes and irqfds with it. The eventfds are user space's and stay.</summary>
    public void Destroy()
    {
        _created = 0;
        _routes.Clear();
        _irqfds.Clear();
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("created", ref _created);
        _routes.SyncState(sync);
        sync.List("irqfds", "irqfd", _irqfds, GsiRoutingTable.Limit, static (StateSync rows, ref Irqfd irqfd) => irqfd.SyncState(rows));
        if (!sync.Loading)
        {
            return;
        }

        for (var i = 0; i < _irqfds.Count; i++)
        {
            var (eventfd, gsi) = (_irqfds[i].Eventfd, _irqfds[i].Gsi);
            if (eventfd < 0 || gsi >= GsiRoutingTable.Limit || _irqfds.FindIndex(each => each.Eventfd == eventfd) < i)
            {
                throw new StateFormatException($"row 'irqfd[{i}]': eventfd {eventfd} at GSI {gsi} is none that can be assigned, or is assigned twice");
            }
        }

        if (_created > AllDevices)
        {
            throw new StateFormatException($"row 'created': 0x{_created:x} has bits of devices that do not exist");
        }
    }

    private int Inject(uint gsi, bool level)
    {
        var route = _routes.Find(gsi);
        switch (route.Kind)
        {
            case GsiRouteKind.Irqchip:
                inputs.DrivePin((int)route.PinOrData, level);
                return Errno.Success;
            case GsiRouteKind.Msi when level:
                return inputs.SignalMessage(route.PinOrData);
            default:
                return NotDelivered;
        }
    }
}
