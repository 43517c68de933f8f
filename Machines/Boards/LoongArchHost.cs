using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
using Trapline.Actors.Vmm;
using Trapline.Actors.Vmm.Migration;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Devices.LoongArch.Transfer;
using Trapline.Machines.Costs;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>
/// One host of a machine of the board <see cref="LoongArchVirt"/>, or one of several such machines: the groups of vCPUs, and
/// that of the board. Both have the number that the addresses of their actors begin with.
/// </summary>
internal sealed class LoongArchHost : MachineHost
{
    private static readonly ActorRole[] Roles =
    [
        ActorRole.Eiointc, ActorRole.PchPic, ActorRole.PchMsi, ActorRole.Misc,
        ActorRole.Uart, ActorRole.Rtc, ActorRole.MsiDevice, ActorRole.LevelDevice,
    ];

    /// <summary>Inputs of PCH-PIC, as QEMU's board has them since it has four UARTs, with every profile (in 7.2 the clock was at 3); the level device is where PCI's INTA is.</summary>
    private const int UartPin = 2;
    private const int RtcPin = 6;
    private const int LevelDevicePin = 16;

    private readonly LoongArchProfile _profile;

    /// <param name="request">What the machine is made of.</param>
    /// <param name="profile">Whose behaviour its controllers have, with its quirks.</param>
    /// <param name="host">Of a VM that may migrate 0, where it starts, or 1; of several machines the number of one.</param>
    /// <param name="budget">Pays for guest memory.</param>
    public LoongArchHost(MachineRequest request, LoongArchProfile profile, int host, MemoryBudget budget)
        : base(request, host, budget, PlacementOf(request, host)) => _profile = profile;

    /// <inheritdoc/>
    protected override IReadOnlyList<ActorRole> DeviceRoles => Roles;

    /// <inheritdoc/>
    protected override MessageTarget PeerDoorbellTarget => new(LoongArchAddressMap.DoorbellBase);

    /// <inheritdoc/>
    protected override ulong PeerDoorbellBase => LoongArchAddressMap.PeerDoorbellBase;

    /// <inheritdoc/>
    protected override IEnumerable<ActorAddress> BesideVcpu(int index) => !Placement.ControllersInUserSpace || IsBareMetal ? [IpiUnit(index)] : [];

    /// <inheritdoc/>
    protected override IEnumerable<Actor> VcpuActors(VcpuSettings settings)
    {
        var vcpu = new LoongArchVcpu(settings, _profile, ParavirtOf(), FeaturesOf(), KernelCpuIds(), Placement);
        return IsBareMetal ? [vcpu, new NativeIpiActor(Host, settings.Index, _profile, CpuIds())]
            : Placement.ControllersInUserSpace ? [vcpu]
            : [vcpu, Ipi(settings.Index)];
    }

    /// <inheritdoc/>
    protected override Actor Boundary() => new LoongArchBoundary(Host, KernelCpuIds(), FeaturesOf(), MsiQueues, !Placement.ControllersInUserSpace, Copies());

    /// <inheritdoc/>
    protected override Actor VmmOf() => new VmmActor(
        Host, MsiQueues, new LoongArchStart(Request.Vcpus, !Placement.ControllersInUserSpace, OfferedFeatures()),
        new LoongArchAddressMap(Host, _profile, Placement, HasPeers), Placement, Request.Costs[CostNames.VmmLockHold].Value, MigrationOf());

    /// <inheritdoc/>
    protected override EventfdActor EventfdOf(int number) => new LoongArchEventfd(Host, number, Placement.ControllersInUserSpace ? Vmm : default);

    /// <inheritdoc/>
    protected override IEnumerable<ActorAddress> MoreOnBoard => Enumerable.Range(0, UserIpis()).Select(IpiUnit);

    /// <inheritdoc/>
    protected override IEnumerable<Actor> MoreBoardActors() => Enumerable.Range(0, UserIpis()).Select(Ipi);

    private VmmMigration? MigrationOf() => Request.Migrations is { } plans
        ? new VmmMigration(PartsOf(), LoongArchState.TableOf(Request.Vcpus, !Placement.ControllersInUserSpace, HasStealTime()), plans)
        : null;

    private bool HasStealTime() => FeaturesOf() is { IsSettable: true } features && features.Has(ParavirtFeature.StealTime);

    private MachineParts PartsOf()
    {
        ActorAddress[] sources = [OnBoard(ActorRole.MsiDevice), OnBoard(ActorRole.LevelDevice), OnBoard(ActorRole.Uart), OnBoard(ActorRole.Rtc)];
        ActorAddress[] eventfds = [.. Enumerable.Range(0, MsiQueues).Select(Eventfd)];
        ActorAddress[] controllers =
            [OnBoard(ActorRole.PchMsi), OnBoard(ActorRole.PchPic), OnBoard(ActorRole.Eiointc), .. Enumerable.Range(0, Request.Vcpus).Select(IpiUnit)];
        ActorAddress[] own = [.. sources, OnBoard(ActorRole.Misc), .. Placement.ControllersInUserSpace ? controllers : [OnBoard(ActorRole.PchMsi)]];
        return new MachineParts
        {
            Vcpus = Request.Vcpus,
            Homes = [.. Enumerable.Range(0, Request.Vcpus + 1).Select(index => new ActorAddress(Host, ActorRole.Memory, index))],
            Interrupting = [.. sources, OnBoard(ActorRole.Misc), .. eventfds, .. controllers],
            KernelDevices = Placement.ControllersInUserSpace ? [] : [KvmDeviceType.Ipi, KvmDeviceType.Eiointc, KvmDeviceType.PchPic],
            Sections = own,
            OwnDevices = [.. own, .. eventfds],
        };
    }

    /// <inheritdoc/>
    protected override IEnumerable<Actor> Devices(GuestMemory memory, MemoryActor home) =>
        [
            new EiointcActor(Host, Request.Vcpus, _profile, CpuIds(), Placement),
            new PchPicActor(Host, Request.Vcpus, _profile, Placement),
            new PchMsiActor(Host, _profile, Placement),
            new MiscActor(Host, _profile, Placement),
            new UartActor(Host, LoongArchAddressMap.UartBase, PinOf(UartPin), Placement),
            new RtcActor(Host, LoongArchAddressMap.RtcBase, PinOf(RtcPin), Placement),
            new MsiDeviceActor(
                Host, LoongArchAddressMap.MsiDeviceBase, MsiQueues,
                new MessageTarget(LoongArchAddressMap.DoorbellBase), Placement, Request.Settings.Msi == MessageDelivery.Irqfd && !IsBareMetal),
            new LevelDeviceActor(Host, LoongArchAddressMap.LevelDeviceBase, PinOf(LevelDevicePin), Placement),
        ];

    /// <summary>On bare metal devices reach the controllers as those in user space do: there is no kernel between them, and nobody pays.</summary>
    private static DevicePlacement PlacementOf(MachineRequest request, int host)
    {
        var isBareMetal = request.Settings.Hypervisor == Hypervisor.None;
        return new()
        {
            ControllersInUserSpace = request.Settings.Irqchip == Irqchip.User || isBareMetal,
            Ioctl = isBareMetal ? VirtualTime.Zero : request.Costs[CostNames.InjectionIoctl].Value,
            BigLock = request.Settings.BigLock == BigLock.On && !isBareMetal ? new ActorAddress(host, ActorRole.Vmm, 0) : default,
        };
    }

    /// <summary>IPI units on the board.</summary>
    private int UserIpis() =>
        Placement.ControllersInUserSpace && !IsBareMetal ? Request.Vcpus : 0;

    private ActorAddress IpiUnit(int index) => new(Host, ActorRole.Ipi, index);

    private IpiActor Ipi(int index) =>
        new(Host, index, _profile, CpuIds(), Placement);

    private ParavirtProfile ParavirtOf() =>
        Request.Settings.Quirks.ApplyTo(Request.Settings.Paravirt == Paravirtualization.V6 ? ParavirtProfiles.V6 : ParavirtProfiles.Final);

    private ParavirtFeatures FeaturesOf() => new(ParavirtOf(), hostAccounts: true);

    /// <summary>
    /// What the VMM leaves of KVM's features before the first KVM_RUN: all that the host has, and the virtual extension of
    /// EIOINTC where it emulates one; without paravirtualisation the IPI is switched off. Null where nobody can choose.
    /// </summary>
    private ulong? OfferedFeatures()
    {
        var features = FeaturesOf();
        if (!features.IsSettable)
        {
            return null;
        }

        var offered = (ParavirtFeature)features.Word;
        offered |= _profile.VirtualExtension == VirtualExtension.Absent ? ParavirtFeature.None : ParavirtFeature.VirtualExtioi;
        offered &= Request.Settings.Paravirt == Paravirtualization.None ? ~ParavirtFeature.Ipi : ~ParavirtFeature.None;
        return (ulong)offered;
    }

    private PinWiring PinOf(int pin) => new(new ActorAddress(Host, ActorRole.PchPic, 0), pin);

    /// <summary>Who looks up physical CPU ids in the kernel: those who send interrupts.</summary>
    private IEnumerable<ActorAddress> Copies()
    {
        IEnumerable<ActorAddress> vcpus = Enumerable.Range(0, Request.Vcpus).Select(index => new ActorAddress(Host, ActorRole.Vcpu, index));
        return Placement.ControllersInUserSpace
            ? vcpus
            : [.. vcpus, .. Enumerable.Range(0, Request.Vcpus).Select(IpiUnit), new ActorAddress(Host, ActorRole.Eiointc, 0)];
    }

    /// <summary>The kernel learns the ids from user space.</summary>
    private CpuIdMap KernelCpuIds() => new(Request.Vcpus, ParavirtOf().MapReadsWrongRegister);

    /// <summary>Controllers in user space know the ids, for user space gives each vCPU its index.</summary>
    private CpuIdMap CpuIds()
    {
        if (!Placement.ControllersInUserSpace)
        {
            return KernelCpuIds();
        }

        var map = new CpuIdMap(Request.Vcpus);
        for (var index = 0; index < Request.Vcpus; index++)
        {
            if (map.TryAssign(index, (ulong)index) != Errno.Success)
            {
                throw new InvalidOperationException($"vCPU {index} cannot have its own index as physical id");
            }
        }

        return map;
    }
}
