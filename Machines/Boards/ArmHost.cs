using Trapline.Actors.Arm;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
using Trapline.Actors.Vmm;
using Trapline.Actors.Vmm.Migration;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Arm.Transfer;
using Trapline.Devices.Arm.Vm;
using Trapline.Devices.Common.Kvm;
using Trapline.Machines.Costs;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>One host of a machine of the board <see cref="ArmVirt"/>, or one of several such machines.</summary>
internal sealed class ArmHost : MachineHost
{
    private static readonly ActorRole[] Roles = [ActorRole.Gic, ActorRole.Uart, ActorRole.MsiDevice, ActorRole.LevelDevice];

    /// <summary>INTIDs of the distributor with the private ones: QEMU's machine has 256 SPIs.</summary>
    public const int DefaultInterrupts = GicTopology.StandardInterrupts;

    private const int ItsCount = 1;

    /// <summary>SPIs, from 0: the UART's as QEMU has it; the level device is where QEMU has the first of its virtio-mmio transports.</summary>
    private const int UartSpi = 1;
    private const int LevelDeviceSpi = 16;

    /// <summary>PCI addresses on bus 0, which are the DeviceIDs of messages.</summary>
    private const int MsiDeviceSlot = 1;
    private const int PeerDoorbellSlot = 2;

    private readonly GicProfile _profile;

    /// <param name="request">What the machine is made of.</param>
    /// <param name="profile">Whose behaviour its GIC has, with its quirks.</param>
    /// <param name="host">Of a VM that may migrate 0, where it starts, or 1; of several machines the number of one.</param>
    /// <param name="budget">Pays for guest memory.</param>
    public ArmHost(MachineRequest request, GicProfile profile, int host, MemoryBudget budget)
        : base(request, host, budget, PlacementOf(request, host)) => _profile = profile;

    private int Interrupts => Request.Settings.Interrupts ?? DefaultInterrupts;

    /// <inheritdoc/>
    protected override IReadOnlyList<ActorRole> DeviceRoles => Roles;

    /// <inheritdoc/>
    protected override MessageTarget PeerDoorbellTarget => MessageTarget.OfPci(ArmAddressMap.Translater, bus: 0, PeerDoorbellSlot);

    /// <inheritdoc/>
    protected override ulong PeerDoorbellBase => ArmAddressMap.PeerDoorbellBase;

    /// <inheritdoc/>
    protected override IEnumerable<ActorAddress> BesideVcpu(int index) => [];

    /// <inheritdoc/>
    protected override IEnumerable<Actor> VcpuActors(VcpuSettings settings) => [new ArmVcpu(settings, _profile, VcpuIds.Ascending(Request.Vcpus), Placement, Interrupts)];

    /// <inheritdoc/>
    protected override Actor Boundary() => new ArmBoundary(Host, Request.Vcpus, ItsCount, MsiQueues);

    /// <inheritdoc/>
    protected override Actor VmmOf() => new VmmActor(
        Host, MsiQueues, new ArmStart(Request.Vcpus, Interrupts), new ArmAddressMap(Host, Request.Vcpus, Placement, HasPeers), Placement,
        Request.Costs[CostNames.VmmLockHold].Value, MigrationOf());

    /// <inheritdoc/>
    protected override EventfdActor EventfdOf(int number) => new ArmEventfd(Host, number);

    /// <inheritdoc/>
    protected override IEnumerable<Actor> Devices(GuestMemory memory, MemoryActor home) =>
        [
            new GicActor(Host, _profile, Topology(), Layout, memory, home, Request.Costs[CostNames.ItsCommand].Value),
            new Pl011Actor(Host, ArmAddressMap.UartBase, SpiOf(UartSpi), Placement),
            new MsiDeviceActor(
                Host, ArmAddressMap.MsiDeviceBase, MsiQueues, MessageTarget.OfPci(ArmAddressMap.Translater, bus: 0, MsiDeviceSlot), Placement,
                Request.Settings.Msi == MessageDelivery.Irqfd),
            new LevelDeviceActor(Host, ArmAddressMap.LevelDeviceBase, SpiOf(LevelDeviceSpi), Placement),
        ];

    private VmmMigration? MigrationOf() => Request.Migrations is { } plans
        ? new VmmMigration(PartsOf(), ArmState.TableOf(Request.Vcpus, Interrupts), plans)
        : null;

    private MachineParts PartsOf()
    {
        ActorAddress[] sources = [OnBoard(ActorRole.MsiDevice), OnBoard(ActorRole.LevelDevice), OnBoard(ActorRole.Uart)];
        ActorAddress[] eventfds = [.. Enumerable.Range(0, MsiQueues).Select(Eventfd)];
        return new MachineParts
        {
            Vcpus = Request.Vcpus,
            Homes = [.. Enumerable.Range(0, Request.Vcpus + 1).Select(index => new ActorAddress(Host, ActorRole.Memory, index))],
            Interrupting = [.. sources, .. eventfds, OnBoard(ActorRole.Gic)],
            KernelDevices = [KvmDeviceType.Its, KvmDeviceType.GicV3],
            Sections = sources,
            OwnDevices = [.. sources, .. eventfds],
        };
    }

    /// <summary>User space places the frames where the board has them; the GIC's half on the board is built so from the start. An ITS is made when user space does.</summary>
    private GicTopology Topology()
    {
        var low = Math.Min(Request.Vcpus, ArmAddressMap.LowRedistributors);
        RedistributorRegion[] regions = [new(ArmAddressMap.RedistributorBase, low, HasExplicitCount: true)];
        if (Request.Vcpus > low)
        {
            regions = [.. regions, new(ArmAddressMap.HighRedistributorBase, Request.Vcpus - low, HasExplicitCount: true)];
        }

        return new([.. Enumerable.Range(0, Request.Vcpus)], Interrupts, regions, []);
    }

    private PinWiring SpiOf(int spi) => new(OnBoard(ActorRole.Gic), InterruptIds.FirstSpi + spi, IrqLine.Spi(InterruptIds.FirstSpi + spi).Encoded);

    private static DevicePlacement PlacementOf(MachineRequest request, int host) => new()
    {
        Ioctl = request.Costs[CostNames.InjectionIoctl].Value,
        BigLock = request.Settings.BigLock == BigLock.On ? new ActorAddress(host, ActorRole.Vmm, 0) : default,
    };
}
