using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Vm;

/// <summary>
/// The interrupt ioctls of an ARM VM, as Linux KVM answers them: creating GIC and ITSs, KVM_IRQ_LINE, KVM_SIGNAL_MSI, KVM_IRQFD
/// (arch/arm64/kvm/arm.c, vgic/vgic-irqfd.c; spec gicv3-its 1.7, 8.1, 9.2). A call that fails changes nothing.
/// </summary>
public sealed class ArmVmInterrupts(IArmInputs inputs, int maximumIts, int ipaBits = Vgic.DefaultIpaBits)
{
    /// <summary>The GIC, as its files know it.</summary>
    public Vgic Vgic { get; } = new(maximumIts, ipaBits);

    /// <summary>The table of GSIs and the irqfds.</summary>
    public InterruptRouting Routing { get; } = new(RoutingRules.Arm);

    /// <summary>The GIC, then one for each ITS that there is room for.</summary>
    public static IReadOnlyList<KvmDeviceType> FilesOf(int maximumIts) => [KvmDeviceType.GicV3, .. Enumerable.Repeat(KvmDeviceType.Its, maximumIts)];

    /// <summary>Whether this KVM has devices of a type.</summary>
    public static bool IsKnown(uint type) => type is (uint)KvmDeviceType.GicV3 or (uint)KvmDeviceType.Its;

    /// <summary>KVM_CREATE_DEVICE.</summary>
    /// <param name="type">Of the device.</param>
    /// <param name="hasRun">Whether any vCPU has, or cannot be locked.</param>
    /// <param name="file">What was created.</param>
    /// <returns>0; ENODEV for a type that there is not; what <see cref="Vm.Vgic.Create"/> says.</returns>
    public int CreateDevice(uint type, bool hasRun, out DeviceFile file)
    {
        file = (KvmDeviceType)type;
        if (!IsKnown(type))
        {
            return Errno.NoSuchDevice;
        }

        if (type == (uint)KvmDeviceType.GicV3)
        {
            return Vgic.Create(hasRun);
        }

        var result = Vgic.CreateIts(out var number);
        file = new DeviceFile(KvmDeviceType.Its, number);
        return result;
    }

    /// <summary>The GIC was initialised: GSI n leads to SPI 32 + n.</summary>
    public void InstallRouting() => Routing.InstallDefault(Vgic.Interrupts - InterruptIds.PrivateCount);

    /// <summary>KVM_IRQ_LINE.</summary>
    /// <returns>0; EINVAL for what does not exist, ENXIO for a line of a CPU or without a GIC in the kernel, EBUSY before its initialisation.</returns>
    public int IrqLine(uint line, bool level)
    {
        var (type, vcpu, number) = Vm.IrqLine.Decode(line);
        if (type > IrqLineType.Ppi)
        {
            return Errno.InvalidArgument;
        }

        if (!Vgic.Exists || type == IrqLineType.Cpu)
        {
            return Errno.NoSuchAddress;
        }

        var isRight = type == IrqLineType.Spi
            ? number >= InterruptIds.FirstSpi
            : number is >= InterruptIds.FirstPpi and < InterruptIds.PrivateCount && Vgic.Vcpus.Contains(vcpu);
        if (!isRight)
        {
            return Errno.InvalidArgument;
        }

        if (!Vgic.IsInitialized)
        {
            return Errno.Busy;
        }

        if (type == IrqLineType.Spi)
        {
            return DriveSpi(number, level);
        }

        inputs.DrivePpi(vcpu, number, level);
        return Errno.Success;
    }

    /// <summary>KVM_SIGNAL_MSI, as far as the VM decides it; the ITS says the rest.</summary>
    /// <returns>EINVAL without a GIC in the kernel or for an unknown flag; ENODEV without an ITS; else what <see cref="IInterruptInputs.SignalMessage"/> says.</returns>
    public int SignalMessage(in KvmMessage message)
    {
        if (!Vgic.Exists || (message.Flags & ~KvmMessage.ValidDeviceId) != 0)
        {
            return Errno.InvalidArgument;
        }

        return Vgic.HasIts ? inputs.SignalMessage(in message) : Errno.NoSuchDevice;
    }

    /// <summary>KVM_IRQFD without <see cref="InterruptRouting.IrqfdDeassign"/>; EAGAIN before the initialisation.</summary>
    /// <inheritdoc cref="InterruptRouting.AssignIrqfd"/>
    public int AssignIrqfd(int eventfd, uint gsi, uint flags, int resample) =>
        Routing.AssignIrqfd(eventfd, gsi, flags, resample, Vgic.IsInitialized ? Errno.Success : Errno.TryAgain);

    /// <summary>The guest has deactivated a level-triggered SPI: if an irqfd resamples it, its line falls.</summary>
    /// <returns>The eventfds that are to be written then.</returns>
    public IReadOnlyList<int> Ended(int interruptId)
    {
        int[] resample = [.. Routing.Ended(interruptId - InterruptIds.FirstSpi)];
        if (resample.Length > 0)
        {
            _ = DriveSpi(interruptId, level: false);
        }

        return resample;
    }

    /// <summary>The VM is destroyed: GIC, ITSs, routes and irqfds with it.</summary>
    public void Destroy()
    {
        Vgic.Destroy();
        Routing.Clear();
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        Vgic.SyncState(sync);
        Routing.SyncState(sync);
    }

    private int DriveSpi(int interruptId, bool level)
    {
        if (interruptId >= Vgic.Interrupts)
        {
            return Errno.InvalidArgument;
        }

        inputs.DrivePin(interruptId - InterruptIds.FirstSpi, level);
        return Errno.Success;
    }
}
