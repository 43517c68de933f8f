using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
using Trapline.Actors.Vmm;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Costs;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>
/// The board <c>loongarch-virt</c>, after QEMU's machine of the same purpose: up to 256 vCPUs, each a group with its IPI
/// unit, timer and per-CPU pages, and one group for the board: the shared interrupt controllers, devices, boundary and the
/// rest of memory.
/// </summary>
public static class LoongArchVirt
{
    /// <summary>Index of the path classes.</summary>
    private const int VcpuClass = 0;
    private const int BoardClass = 1;
    private const int Machine = 0;

    private static readonly string[] Classes = ["vcpu", "board"];

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

    public static SimulationPlan Build(MachineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Profile = request.Settings.Quirks.ApplyTo(request.Profile) };
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Vcpus, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Vcpus, request.Profile.MaximumVcpus);
        var path = new PathTable.Path(request.Costs.PathLatency, request.Costs.PathJitter);
        var budget = new MemoryBudget(request.Limits.MemoryBytes);
        var costs = request.Costs.ToVcpuCosts();
        var placement = PlacementOf(request);
        var groups = new List<GroupPlan>();
        for (var index = 0; index < request.Vcpus; index++)
        {
            groups.Add(VcpuGroup(request, costs, placement, index, path.Greatest, budget));
        }

        groups.Add(BoardGroup(request, placement, budget));
        return new SimulationPlan(groups, new PathTable(Classes, (_, _) => path), request.Seed, request.Limits) { Faults = request.Faults, Perturbation = request.Perturbation };
    }

    private static GroupPlan VcpuGroup(MachineRequest request, VcpuCosts costs, DevicePlacement placement, int index, VirtualTime greatest, MemoryBudget budget)
    {
        List<ActorAddress> addresses = [new(Machine, ActorRole.Memory, index), new(Machine, ActorRole.Vcpu, index)];
        if (!placement.ControllersInUserSpace || IsBareMetal(request))
        {
            addresses.Add(IpiUnit(index));
        }

        return new GroupPlan($"vcpu{index}", VcpuClass, addresses, () =>
        {
            var area = MemoryMap.PerCpuArea(index);
            var memory = new GuestMemory(area, GuestProgram.PerCpuStride, budget);
            memory.Load(area, request.Program.PerCpuImage);
            var home = new MemoryActor(addresses[0], memory, request.Vcpus);
            var settings = new VcpuSettings
            {
                Machine = Machine,
                Index = index,
                Count = request.Vcpus,
                Program = request.Program,
                Costs = costs,
                IsBareMetal = IsBareMetal(request),
                GreatestLatency = greatest,
                Seed = request.Seed,
                Memory = memory,
                MemoryHome = home,
            };
            var vcpu = new LoongArchVcpu(settings, request.Profile, ParavirtOf(request), FeaturesOf(request), KernelCpuIds(request), placement);
            return IsBareMetal(request) ? [home, vcpu, new NativeIpiActor(Machine, index, request.Profile, CpuIds(request, placement))]
                : placement.ControllersInUserSpace ? [home, vcpu]
                : [home, vcpu, Ipi(request, placement, index)];
        });
    }

    private static GroupPlan BoardGroup(MachineRequest request, DevicePlacement placement, MemoryBudget budget)
    {
        ActorAddress[] addresses =
        [
            new(Machine, ActorRole.Boundary, 0),
            new(Machine, ActorRole.Memory, request.Vcpus),
            Vmm,
            .. DeviceRoles.Select(role => new ActorAddress(Machine, role, 0)),
            .. Enumerable.Range(0, MsiQueues).Select(Eventfd),
            .. Enumerable.Range(0, UserIpis(request, placement)).Select(IpiUnit),
        ];
        return new GroupPlan("board", BoardClass, addresses, () =>
        {
            var memory = new GuestMemory(GuestProgram.SharedBase, 0, budget);
            memory.Load(GuestProgram.SharedBase, request.Program.SharedImage);
            return
            [
                new BoundaryActor(Machine, KernelCpuIds(request), FeaturesOf(request), MsiQueues, !placement.ControllersInUserSpace, Copies(request, placement)),
                new MemoryActor(addresses[1], memory, request.Vcpus),
                new VmmActor(Machine, request.Vcpus, MsiQueues, new LoongArchAddressMap(Machine, request.Profile, placement), placement, OfferedFeatures(request), request.Costs[CostNames.VmmLockHold].Value),
                .. Devices(request, placement),
                .. Enumerable.Range(0, MsiQueues).Select(queue => new EventfdActor(Machine, queue, placement.ControllersInUserSpace ? Vmm : default)),
                .. Enumerable.Range(0, UserIpis(request, placement)).Select(index => Ipi(request, placement, index)),
            ];
        });
    }

    /// <summary>In the order of <see cref="DeviceRoles"/>.</summary>
    private static IEnumerable<Actor> Devices(MachineRequest request, DevicePlacement placement) =>
        [
            new EiointcActor(Machine, request.Vcpus, request.Profile, CpuIds(request, placement), placement),
            new PchPicActor(Machine, request.Vcpus, request.Profile, placement),
            new PchMsiActor(Machine, request.Profile, placement),
            new MiscActor(Machine, request.Profile, placement),
            new UartActor(Machine, LoongArchAddressMap.UartBase, PinOf(UartPin), placement),
            new RtcActor(Machine, LoongArchAddressMap.RtcBase, PinOf(RtcPin), placement),
            new MsiDeviceActor(
                Machine, LoongArchAddressMap.MsiDeviceBase, MsiQueues,
                LoongArchAddressMap.DoorbellBase, placement, request.Settings.Msi == MessageDelivery.Irqfd && !IsBareMetal(request)),
            new LevelDeviceActor(Machine, LoongArchAddressMap.LevelDeviceBase, PinOf(LevelDevicePin), placement),
        ];

    /// <summary>On bare metal devices reach the controllers as those in user space do: there is no kernel between them, and nobody pays.</summary>
    private static DevicePlacement PlacementOf(MachineRequest request) => new()
    {
        ControllersInUserSpace = request.Settings.Irqchip == Irqchip.User || IsBareMetal(request),
        Ioctl = IsBareMetal(request) ? VirtualTime.Zero : request.Costs[CostNames.InjectionIoctl].Value,
        BigLock = request.Settings.BigLock == BigLock.On && !IsBareMetal(request) ? Vmm : default,
    };

    /// <summary>IPI units on the board.</summary>
    private static int UserIpis(MachineRequest request, DevicePlacement placement) =>
        placement.ControllersInUserSpace && !IsBareMetal(request) ? request.Vcpus : 0;

    private static ActorAddress IpiUnit(int index) => new(Machine, ActorRole.Ipi, index);

    private static IpiActor Ipi(MachineRequest request, DevicePlacement placement, int index) =>
        new(Machine, index, request.Profile, CpuIds(request, placement), placement);

    private static bool IsBareMetal(MachineRequest request) => request.Settings.Hypervisor == Hypervisor.None;

    private static ParavirtProfile ParavirtOf(MachineRequest request) =>
        request.Settings.Quirks.ApplyTo(request.Settings.Paravirt == Paravirtualization.V6 ? ParavirtProfiles.V6 : ParavirtProfiles.Final);

    private static ParavirtFeatures FeaturesOf(MachineRequest request) => new(ParavirtOf(request), hostAccounts: true);

    /// <summary>
    /// What the VMM leaves of KVM's features before the first KVM_RUN: all that the host has, and the virtual extension of
    /// EIOINTC where it emulates one; without paravirtualisation the IPI is switched off. Null where nobody can choose.
    /// </summary>
    private static ulong? OfferedFeatures(MachineRequest request)
    {
        var features = FeaturesOf(request);
        if (!features.IsSettable)
        {
            return null;
        }

        var offered = (ParavirtFeature)features.Word;
        offered |= request.Profile.VirtualExtension == VirtualExtension.Absent ? ParavirtFeature.None : ParavirtFeature.VirtualExtioi;
        offered &= request.Settings.Paravirt == Paravirtualization.None ? ~ParavirtFeature.Ipi : ~ParavirtFeature.None;
        return (ulong)offered;
    }

    private static PinWiring PinOf(int pin) => new(new ActorAddress(Machine, ActorRole.PchPic, 0), pin);

    private static ActorAddress Vmm => new(Machine, ActorRole.Vmm, 0);

    private static ActorAddress Eventfd(int number) => new(Machine, ActorRole.Eventfd, number);

    /// <summary>Who looks up physical CPU ids in the kernel: those who send interrupts.</summary>
    private static IEnumerable<ActorAddress> Copies(MachineRequest request, DevicePlacement placement)
    {
        IEnumerable<ActorAddress> vcpus = Enumerable.Range(0, request.Vcpus).Select(index => new ActorAddress(Machine, ActorRole.Vcpu, index));
        return placement.ControllersInUserSpace
            ? vcpus
            : [.. vcpus, .. Enumerable.Range(0, request.Vcpus).Select(IpiUnit), new ActorAddress(Machine, ActorRole.Eiointc, 0)];
    }

    /// <summary>The kernel learns the ids from user space.</summary>
    private static CpuIdMap KernelCpuIds(MachineRequest request) => new(request.Vcpus, ParavirtOf(request).MapReadsWrongRegister);

    /// <summary>Controllers in user space know the ids, for user space gives each vCPU its index.</summary>
    private static CpuIdMap CpuIds(MachineRequest request, DevicePlacement placement)
    {
        if (!placement.ControllersInUserSpace)
        {
            return KernelCpuIds(request);
        }

        var map = new CpuIdMap(request.Vcpus);
        for (var index = 0; index < request.Vcpus; index++)
        {
            if (map.TryAssign(index, (ulong)index) != Errno.Success)
            {
                throw new InvalidOperationException($"vCPU {index} cannot have its own index as physical id");
            }
        }

        return map;
    }
}
