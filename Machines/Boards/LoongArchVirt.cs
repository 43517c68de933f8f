using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.LoongArch;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
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
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Vcpus, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Vcpus, request.Profile.MaximumVcpus);
        var path = new PathTable.Path(request.Costs.PathLatency, request.Costs.PathJitter);
        var budget = new MemoryBudget(request.Limits.MemoryBytes);
        var costs = request.Costs.ToVcpuCosts();
        var groups = new List<GroupPlan>();
        for (var index = 0; index < request.Vcpus; index++)
        {
            groups.Add(VcpuGroup(request, costs, index, path.Greatest, budget));
        }

        groups.Add(BoardGroup(request, budget));
        return new SimulationPlan(groups, new PathTable(Classes, (_, _) => path), request.Seed, request.Limits);
    }

    private static GroupPlan VcpuGroup(MachineRequest request, VcpuCosts costs, int index, VirtualTime greatest, MemoryBudget budget)
    {
        var addresses = new[]
        {
            new ActorAddress(Machine, ActorRole.Memory, index),
            new ActorAddress(Machine, ActorRole.Vcpu, index),
            new ActorAddress(Machine, ActorRole.Ipi, index),
        };
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
            return
            [
                home,
                new LoongArchVcpu(settings, request.Profile, ParavirtOf(request), FeaturesOf(request), CpuIds(request), (ulong)index),
                IsBareMetal(request)
                    ? new NativeIpiActor(Machine, index, request.Profile, CpuIds(request))
                    : new IpiActor(Machine, index, request.Profile, CpuIds(request)),
            ];
        });
    }

    private static GroupPlan BoardGroup(MachineRequest request, MemoryBudget budget)
    {
        ActorAddress[] addresses =
        [
            new(Machine, ActorRole.Boundary, 0),
            new(Machine, ActorRole.Memory, request.Vcpus),
            .. DeviceRoles.Select(role => new ActorAddress(Machine, role, 0)),
        ];
        return new GroupPlan("board", BoardClass, addresses, () =>
        {
            var memory = new GuestMemory(GuestProgram.SharedBase, 0, budget);
            memory.Load(GuestProgram.SharedBase, request.Program.SharedImage);
            return
            [
                new BoundaryActor(Machine, request.Vcpus, CpuIds(request)),
                new MemoryActor(addresses[1], memory, request.Vcpus),
                .. Devices(request),
            ];
        });
    }

    /// <summary>In the order of <see cref="DeviceRoles"/>.</summary>
    private static IEnumerable<Actor> Devices(MachineRequest request)
    {
        // What a device in hardware raises needs no system call.
        var injection = IsBareMetal(request) ? VirtualTime.Zero : request.Costs[CostNames.InjectionIoctl].Value;
        return
        [
            new EiointcActor(Machine, request.Vcpus, request.Profile, CpuIds(request)),
            new PchPicActor(Machine, request.Vcpus, request.Profile),
            new PchMsiActor(Machine, request.Profile, injection),
            new MiscActor(Machine, request.Profile, injection),
            new UartActor(Machine, LoongArchAddressMap.UartBase, PinOf(UartPin), injection),
            new RtcActor(Machine, LoongArchAddressMap.RtcBase, PinOf(RtcPin), injection),
            new MsiDeviceActor(
                Machine, LoongArchAddressMap.MsiDeviceBase, MsiQueues,
                LoongArchAddressMap.DoorbellBase, new ActorAddress(Machine, ActorRole.PchMsi, 0), injection),
            new LevelDeviceActor(Machine, LoongArchAddressMap.LevelDeviceBase, PinOf(LevelDevicePin), injection),
        ];
    }

    private static bool IsBareMetal(MachineRequest request) => request.Settings.Hypervisor == Hypervisor.None;

    private static ParavirtProfile ParavirtOf(MachineRequest request) =>
        request.Settings.Paravirt == Paravirtualization.V6 ? ParavirtProfiles.V6 : ParavirtProfiles.Final;

    /// <summary>
    /// What the VMM leaves of KVM's features before the first KVM_RUN: all that the host has, and the virtual extension of
    /// EIOINTC where it emulates one; without paravirtualisation the IPI is switched off.
    /// </summary>
    private static ParavirtFeatures FeaturesOf(MachineRequest request)
    {
        var features = new ParavirtFeatures(ParavirtOf(request), hostAccounts: true);
        if (features.IsSettable)
        {
            var offered = (ParavirtFeature)features.Word;
            offered |= request.Profile.VirtualExtension == VirtualExtension.Absent ? ParavirtFeature.None : ParavirtFeature.VirtualExtioi;
            offered &= request.Settings.Paravirt == Paravirtualization.None ? ~ParavirtFeature.Ipi : ~ParavirtFeature.None;
            if (features.Set((ulong)offered) != Errno.Success)
            {
                throw new InvalidOperationException($"the features 0x{(ulong)offered:x} cannot be set");
            }
        }

        return features;
    }

    private static PinWiring PinOf(int pin) => new(new ActorAddress(Machine, ActorRole.PchPic, 0), pin);

    /// <summary>QEMU gives each vCPU its index as physical id, before any of them runs.</summary>
    private static CpuIdMap CpuIds(MachineRequest request)
    {
        var map = new CpuIdMap(request.Vcpus, ParavirtOf(request).MapReadsWrongRegister);
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
