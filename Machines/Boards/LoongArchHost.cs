using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
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
internal sealed class LoongArchHost
{
    private static readonly ActorRole[] DeviceRoles =
    [
        ActorRole.Eiointc, ActorRole.PchPic, ActorRole.PchMsi, ActorRole.Misc,
        ActorRole.Uart, ActorRole.Rtc, ActorRole.MsiDevice, ActorRole.LevelDevice,
    ];

    /// <summary>Inputs of PCH-PIC, as QEMU's board has them since it has four UARTs, with every profile (in 7.2 the clock was at 3); the level device is where PCI's INTA is.</summary>
    private const int UartPin = 2;
    private const int RtcPin = 6;
    private const int LevelDevicePin = 16;

    private const int MsiQueues = 64;

    /// <summary>Of a doorbell device.</summary>
    private const int DoorbellVectors = 64;

    private readonly MachineRequest _request;
    private readonly int _host;
    private readonly MemoryBudget _budget;
    private readonly DevicePlacement _placement;
    private readonly VcpuCosts _costs;

    /// <param name="request">What the machine is made of.</param>
    /// <param name="host">Of a VM that may migrate 0, where it starts, or 1; of several machines the number of one.</param>
    /// <param name="budget">Pays for guest memory.</param>
    public LoongArchHost(MachineRequest request, int host, MemoryBudget budget)
    {
        _request = request;
        _host = host;
        _budget = budget;
        _placement = PlacementOf();
        _costs = request.Costs.ToVcpuCosts();
    }

    /// <summary>vCPUs first, in their order, then the board.</summary>
    public IEnumerable<GroupPlan> Groups() => [.. Enumerable.Range(0, _request.Vcpus).Select(VcpuGroup), BoardGroup()];

    private LoongArchProfile Profile => (LoongArchProfile)_request.Profile;

    private string NameOf(string group) => GroupNames.Of(_host, _request.Machines is not null, group);

    /// <summary>The modelled host of a group: two ends of a migration are one place, for the VM is at one of them at a time.</summary>
    private int PlaceOfGroups => _request.Machines is null ? 0 : _host;

    /// <summary>The modelled host of a vCPU: its machine may lie on several.</summary>
    private int PlaceOfVcpu(int index) => _request.Settings.Hosts?.HostOf(index, _request.Vcpus) ?? PlaceOfGroups;

    private int ClassOf(int groupClass) => (_host * LoongArchVirt.ClassesPerHost) + groupClass;

    private int ClassOfVcpu(int index) => _request.Settings.Hosts is null ? ClassOf(LoongArchVirt.VcpuClass) : LoongArchVirt.VcpuClassOnHost(PlaceOfVcpu(index));

    private GuestLayout Layout => _request.Program.Layout;

    private GroupPlan VcpuGroup(int index)
    {
        List<ActorAddress> addresses = [new(_host, ActorRole.Memory, index), new(_host, ActorRole.Vcpu, index)];
        if (!_placement.ControllersInUserSpace || IsBareMetal())
        {
            addresses.Add(IpiUnit(index));
        }

        return new GroupPlan(NameOf(GroupNames.Vcpu(index)), ClassOfVcpu(index), addresses, () =>
        {
            var area = Layout.PerCpuArea(index);
            var memory = new GuestMemory(Layout, area, GuestLayout.PerCpuStride, _budget);
            LoadAtFirst(memory, area, _request.Program.PerCpuImage);
            var home = new MemoryActor(addresses[0], memory, _request.Vcpus);
            var settings = new VcpuSettings
            {
                Machine = _host,
                Index = index,
                Count = _request.Vcpus,
                Program = _request.Program,
                Costs = _costs,
                IsBareMetal = IsBareMetal(),
                HasPeers = HasPeers,
                GreatestLatency = _request.Costs.PathLatency + _request.Costs.PathJitter,
                Seed = _request.Seed,
                Memory = memory,
                MemoryHome = home,
            };
            var vcpu = new LoongArchVcpu(settings, Profile, ParavirtOf(), FeaturesOf(), KernelCpuIds(), _placement);
            return IsBareMetal() ? [home, vcpu, new NativeIpiActor(_host, index, Profile, CpuIds())]
                : _placement.ControllersInUserSpace ? [home, vcpu]
                : [home, vcpu, Ipi(index)];
        })
        { Host = PlaceOfVcpu(index) };
    }

    private GroupPlan BoardGroup()
    {
        ActorAddress[] addresses =
        [
            new(_host, ActorRole.Boundary, 0),
            new(_host, ActorRole.Memory, _request.Vcpus),
            Vmm,
            .. DeviceRoles.Select(OnBoard),
            .. HasPeers ? [OnBoard(ActorRole.DoorbellDevice)] : Array.Empty<ActorAddress>(),
            .. Enumerable.Range(0, MsiQueues).Select(Eventfd),
            .. Enumerable.Range(0, UserIpis()).Select(IpiUnit),
        ];
        return new GroupPlan(NameOf(GroupNames.Board), ClassOf(LoongArchVirt.BoardClass), addresses, () =>
        {
            var memory = new GuestMemory(Layout, Layout.SharedBase, 0, _budget);
            LoadAtFirst(memory, Layout.SharedBase, _request.Program.SharedImage);
            return
            [
                new BoundaryActor(_host, KernelCpuIds(), FeaturesOf(), MsiQueues, !_placement.ControllersInUserSpace, Copies()),
                new MemoryActor(addresses[1], memory, _request.Vcpus),
                new VmmActor(
                    _host, _request.Vcpus, MsiQueues, new LoongArchAddressMap(_host, Profile, _placement, HasPeers), _placement, OfferedFeatures(),
                    _request.Costs[CostNames.VmmLockHold].Value, MigrationOf()),
                .. Devices(),
                .. HasPeers ? [PeerDoorbell()] : Array.Empty<Actor>(),
                .. Enumerable.Range(0, MsiQueues).Select(queue => new EventfdActor(_host, queue, _placement.ControllersInUserSpace ? Vmm : default)),
                .. Enumerable.Range(0, UserIpis()).Select(index => Ipi(index)),
            ];
        })
        { Host = PlaceOfGroups };
    }

    /// <summary>A VM that may migrate starts at host 0; at the other one there is nothing in memory before it comes.</summary>
    private void LoadAtFirst(GuestMemory memory, ulong start, ReadOnlySpan<byte> image)
    {
        if (_host == 0 || _request.Migrations is null)
        {
            memory.Load(start, image);
        }
    }

    private VmmMigration? MigrationOf() => _request.Migrations is { } plans
        ? new VmmMigration(PartsOf(), LoongArchState.TableOf(_request.Vcpus, !_placement.ControllersInUserSpace, HasStealTime()), plans)
        : null;

    private bool HasStealTime() => FeaturesOf() is { IsSettable: true } features && features.Has(ParavirtFeature.StealTime);

    private MachineParts PartsOf()
    {
        ActorAddress[] sources = [OnBoard(ActorRole.MsiDevice), OnBoard(ActorRole.LevelDevice), OnBoard(ActorRole.Uart), OnBoard(ActorRole.Rtc)];
        ActorAddress[] eventfds = [.. Enumerable.Range(0, MsiQueues).Select(Eventfd)];
        ActorAddress[] controllers =
            [OnBoard(ActorRole.PchMsi), OnBoard(ActorRole.PchPic), OnBoard(ActorRole.Eiointc), .. Enumerable.Range(0, _request.Vcpus).Select(IpiUnit)];
        ActorAddress[] own = [.. sources, OnBoard(ActorRole.Misc), .. _placement.ControllersInUserSpace ? controllers : [OnBoard(ActorRole.PchMsi)]];
        return new MachineParts
        {
            Vcpus = _request.Vcpus,
            Homes = [.. Enumerable.Range(0, _request.Vcpus + 1).Select(index => new ActorAddress(_host, ActorRole.Memory, index))],
            Interrupting = [.. sources, OnBoard(ActorRole.Misc), .. eventfds, .. controllers],
            KernelDevices = _placement.ControllersInUserSpace ? [] : [KvmDeviceType.Ipi, KvmDeviceType.Eiointc, KvmDeviceType.PchPic],
            Sections = own,
            OwnDevices = [.. own, .. eventfds],
        };
    }

    /// <summary>In the order of <see cref="DeviceRoles"/>.</summary>
    private IEnumerable<Actor> Devices() =>
        [
            new EiointcActor(_host, _request.Vcpus, Profile, CpuIds(), _placement),
            new PchPicActor(_host, _request.Vcpus, Profile, _placement),
            new PchMsiActor(_host, Profile, _placement),
            new MiscActor(_host, Profile, _placement),
            new UartActor(_host, LoongArchAddressMap.UartBase, PinOf(UartPin), _placement),
            new RtcActor(_host, LoongArchAddressMap.RtcBase, PinOf(RtcPin), _placement),
            new MsiDeviceActor(
                _host, LoongArchAddressMap.MsiDeviceBase, MsiQueues,
                LoongArchAddressMap.DoorbellBase, _placement, _request.Settings.Msi == MessageDelivery.Irqfd && !IsBareMetal()),
            new LevelDeviceActor(_host, LoongArchAddressMap.LevelDeviceBase, PinOf(LevelDevicePin), _placement),
        ];

    private bool HasPeers => _request.Machines is not null;

    private DoorbellDeviceActor PeerDoorbell() => new(
        _host,
        new DoorbellPlace(LoongArchAddressMap.PeerDoorbellBase, LoongArchAddressMap.DoorbellBase, _request.Machines!.Count, DoorbellVectors),
        _placement);

    /// <summary>On bare metal devices reach the controllers as those in user space do: there is no kernel between them, and nobody pays.</summary>
    private DevicePlacement PlacementOf() => new()
    {
        ControllersInUserSpace = _request.Settings.Irqchip == Irqchip.User || IsBareMetal(),
        Ioctl = IsBareMetal() ? VirtualTime.Zero : _request.Costs[CostNames.InjectionIoctl].Value,
        BigLock = _request.Settings.BigLock == BigLock.On && !IsBareMetal() ? Vmm : default,
    };

    /// <summary>IPI units on the board.</summary>
    private int UserIpis() =>
        _placement.ControllersInUserSpace && !IsBareMetal() ? _request.Vcpus : 0;

    private ActorAddress IpiUnit(int index) => new(_host, ActorRole.Ipi, index);

    private IpiActor Ipi(int index) =>
        new(_host, index, Profile, CpuIds(), _placement);

    private bool IsBareMetal() => _request.Settings.Hypervisor == Hypervisor.None;

    private ParavirtProfile ParavirtOf() =>
        _request.Settings.Quirks.ApplyTo(_request.Settings.Paravirt == Paravirtualization.V6 ? ParavirtProfiles.V6 : ParavirtProfiles.Final);

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
        offered |= Profile.VirtualExtension == VirtualExtension.Absent ? ParavirtFeature.None : ParavirtFeature.VirtualExtioi;
        offered &= _request.Settings.Paravirt == Paravirtualization.None ? ~ParavirtFeature.Ipi : ~ParavirtFeature.None;
        return (ulong)offered;
    }

    private PinWiring PinOf(int pin) => new(new ActorAddress(_host, ActorRole.PchPic, 0), pin);

    private ActorAddress Vmm => OnBoard(ActorRole.Vmm);

    private ActorAddress OnBoard(ActorRole role) => new(_host, role, 0);

    private ActorAddress Eventfd(int number) => new(_host, ActorRole.Eventfd, number);

    /// <summary>Who looks up physical CPU ids in the kernel: those who send interrupts.</summary>
    private IEnumerable<ActorAddress> Copies()
    {
        IEnumerable<ActorAddress> vcpus = Enumerable.Range(0, _request.Vcpus).Select(index => new ActorAddress(_host, ActorRole.Vcpu, index));
        return _placement.ControllersInUserSpace
            ? vcpus
            : [.. vcpus, .. Enumerable.Range(0, _request.Vcpus).Select(IpiUnit), new ActorAddress(_host, ActorRole.Eiointc, 0)];
    }

    /// <summary>The kernel learns the ids from user space.</summary>
    private CpuIdMap KernelCpuIds() => new(_request.Vcpus, ParavirtOf().MapReadsWrongRegister);

    /// <summary>Controllers in user space know the ids, for user space gives each vCPU its index.</summary>
    private CpuIdMap CpuIds()
    {
        if (!_placement.ControllersInUserSpace)
        {
            return KernelCpuIds();
        }

        var map = new CpuIdMap(_request.Vcpus);
        for (var index = 0; index < _request.Vcpus; index++)
        {
            if (map.TryAssign(index, (ulong)index) != Errno.Success)
            {
                throw new InvalidOperationException($"vCPU {index} cannot have its own index as physical id");
            }
        }

        return map;
    }
}
