using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Vm;

/// <summary>
/// The interrupt ioctls of a LoongArch VM, as Linux KVM answers them: creating the controllers, KVM_IRQ_LINE,
/// KVM_SET_GSI_ROUTING, KVM_SIGNAL_MSI, KVM_IRQFD (arch/loongarch/kvm/vm.c, irqfd.c, virt/kvm/eventfd.c). A call that
/// fails changes nothing.
/// </summary>
public sealed class VmInterrupts(IInterruptInputs inputs)
{
    /// <summary>What KVM_IRQ_LINE_STATUS says where nothing was delivered.</summary>
    public const int NotDelivered = -1;

    private const uint AllDevices = 7;

    private uint _created;

    /// <summary>The controllers, in the order of their files.</summary>
    public static IReadOnlyList<KvmDeviceType> Devices { get; } = [KvmDeviceType.Ipi, KvmDeviceType.Eiointc, KvmDeviceType.PchPic];

    /// <summary>The table of GSIs and the irqfds.</summary>
    public InterruptRouting Routing { get; } = new(RoutingRules.LoongArch);

    /// <summary>All three controllers are in the kernel: before that no interrupt can be injected by GSI or message.</summary>
    public bool IsComplete => _created == AllDevices;

    /// <summary>Whether LoongArch has devices of a type.</summary>
    public static bool IsKnown(uint type) => type is >= (uint)KvmDeviceType.Ipi and <= (uint)KvmDeviceType.PchPic;

    /// <summary>KVM_CREATE_DEVICE. No EEXIST is used.</summary>
    /// <returns>0; EINVAL for a second one of its kind; ENODEV for a type that LoongArch has not.</returns>
    public int CreateDevice(uint type)
    {
        if (!IsKnown(type))
        {
            return Errno.NoSuchDevice;
        }

        var bit = 1u << (int)(type - (uint)KvmDeviceType.Ipi);
        if ((_created & bit) != 0)
        {
            return Errno.InvalidArgument;
        }

        _created |= bit;
        if (type == (uint)KvmDeviceType.PchPic)
        {
            Routing.InstallDefault(RoutingRules.LoongArch.Pins);
        }

        return Errno.Success;
    }

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
    public int SignalMessage(uint data, uint flags) => IsComplete && flags == 0 ? inputs.SignalMessage(new KvmMessage(data)) : Errno.InvalidArgument;

    /// <summary>KVM_IRQFD without <see cref="InterruptRouting.IrqfdDeassign"/>; EAGAIN where a controller is missing.</summary>
    /// <inheritdoc cref="InterruptRouting.AssignIrqfd"/>
    public int AssignIrqfd(int eventfd, uint gsi, uint flags) => Routing.AssignIrqfd(eventfd, gsi, flags, -1, IsComplete ? Errno.Success : Errno.TryAgain);

    /// <summary>The VM is destroyed: controllers, routes and irqfds with it.</summary>
    public void Destroy()
    {
        _created = 0;
        Routing.Clear();
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("created", ref _created);
        Routing.SyncState(sync);
        if (sync.Loading && _created > AllDevices)
        {
            throw new StateFormatException($"row 'created': 0x{_created:x} has bits of devices that do not exist");
        }
    }

    private int Inject(uint gsi, bool level)
    {
        var route = Routing.Find(gsi);
        switch (route.Kind)
        {
            case GsiRouteKind.Irqchip:
                inputs.DrivePin((int)route.PinOrData, level);
                return Errno.Success;
            case GsiRouteKind.Msi when level:
                return inputs.SignalMessage(route.Message);
            default:
                return NotDelivered;
        }
    }
}
