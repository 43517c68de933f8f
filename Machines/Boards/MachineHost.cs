using Trapline.Actors.Devices;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Vcpus;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>
/// One host of a machine, or one of several such machines: the groups of vCPUs, and that of the board. Both have the number that
/// the addresses of their actors begin with. What a board is made of its subclass says.
/// </summary>
internal abstract class MachineHost
{
    protected const int MsiQueues = 64;

    /// <summary>Of a doorbell device.</summary>
    private const int DoorbellVectors = 64;

    private readonly MemoryBudget _budget;
    private readonly VcpuCosts _costs;

    /// <param name="request">What the machine is made of.</param>
    /// <param name="host">Of a VM that may migrate 0, where it starts, or 1; of several machines the number of one.</param>
    /// <param name="budget">Pays for guest memory.</param>
    /// <param name="placement">Where devices and controllers are, and who excludes whom.</param>
    protected MachineHost(MachineRequest request, int host, MemoryBudget budget, DevicePlacement placement)
    {
        (Request, Host, _budget, Placement) = (request, host, budget, placement);
        _costs = request.Costs.ToVcpuCosts();
    }

    protected MachineRequest Request { get; }

    /// <summary>Its number.</summary>
    protected int Host { get; }

    protected DevicePlacement Placement { get; }

    protected bool IsBareMetal => Request.Settings.Hypervisor == Hypervisor.None;

    /// <summary>Its machine is one of several, which ring one another's doorbells.</summary>
    protected bool HasPeers => Request.Machines is not null;

    protected ActorAddress Vmm => OnBoard(ActorRole.Vmm);

    protected GuestLayout Layout => Request.Program.Layout;

    /// <summary>What the board has beside boundary, memory, VMM and eventfds.</summary>
    protected abstract IReadOnlyList<ActorRole> DeviceRoles { get; }

    /// <summary>Where messages of the doorbell device become interrupts.</summary>
    protected abstract MessageTarget PeerDoorbellTarget { get; }

    /// <summary>Where the doorbell device is.</summary>
    protected abstract ulong PeerDoorbellBase { get; }

    /// <summary>What is on the board after the eventfds.</summary>
    protected virtual IEnumerable<ActorAddress> MoreOnBoard => [];

    /// <summary>vCPUs first, in their order, then the board.</summary>
    public IEnumerable<GroupPlan> Groups() => [.. Enumerable.Range(0, Request.Vcpus).Select(VcpuGroup), BoardGroup()];

    /// <summary>What is in the group of a vCPU beside it and its memory.</summary>
    protected abstract IEnumerable<ActorAddress> BesideVcpu(int index);

    /// <summary>The vCPU, and what is beside it, in the order of <see cref="BesideVcpu"/>.</summary>
    protected abstract IEnumerable<Actor> VcpuActors(VcpuSettings settings);

    protected abstract Actor Boundary();

    protected abstract Actor VmmOf();

    protected abstract EventfdActor EventfdOf(int number);

    /// <summary>In the order of <see cref="DeviceRoles"/>.</summary>
    /// <param name="memory">The board's pages.</param>
    /// <param name="home">Their home.</param>
    protected abstract IEnumerable<Actor> Devices(GuestMemory memory, MemoryActor home);

    /// <summary>In the order of <see cref="MoreOnBoard"/>.</summary>
    protected virtual IEnumerable<Actor> MoreBoardActors() => [];

    protected ActorAddress OnBoard(ActorRole role) => new(Host, role, 0);

    protected ActorAddress Eventfd(int number) => new(Host, ActorRole.Eventfd, number);

    private string NameOf(string group) => GroupNames.Of(Host, HasPeers, group);

    /// <summary>The modelled host of a group: two ends of a migration are one place, for the VM is at one of them at a time.</summary>
    private int PlaceOfGroups => HasPeers ? Host : 0;

    /// <summary>The modelled host of a vCPU: its machine may lie on several.</summary>
    private int PlaceOfVcpu(int index) => Request.Settings.Hosts?.HostOf(index, Request.Vcpus) ?? PlaceOfGroups;

    private int ClassOf(int groupClass) => (Host * MachinePlan.ClassesPerHost) + groupClass;

    private int ClassOfVcpu(int index) => Request.Settings.Hosts is null ? ClassOf(MachinePlan.VcpuClass) : MachinePlan.VcpuClassOnHost(PlaceOfVcpu(index));

    private GroupPlan VcpuGroup(int index)
    {
        ActorAddress[] addresses = [new(Host, ActorRole.Memory, index), new(Host, ActorRole.Vcpu, index), .. BesideVcpu(index)];
        return new GroupPlan(NameOf(GroupNames.Vcpu(index)), ClassOfVcpu(index), addresses, () =>
        {
            var area = Layout.PerCpuArea(index);
            var memory = new GuestMemory(Layout, area, GuestLayout.PerCpuStride, _budget);
            LoadAtFirst(memory, area, Request.Program.PerCpuImage);
            var home = new MemoryActor(addresses[0], memory, Request.Vcpus);
            return [home, .. VcpuActors(SettingsOf(index, memory, home))];
        })
        { Host = PlaceOfVcpu(index) };
    }

    private VcpuSettings SettingsOf(int index, GuestMemory memory, MemoryActor home) => new()
    {
        Machine = Host,
        Index = index,
        Count = Request.Vcpus,
        Program = Request.Program,
        Costs = _costs,
        IsBareMetal = IsBareMetal,
        HasPeers = HasPeers,
        GreatestLatency = Request.Costs.PathLatency + Request.Costs.PathJitter,
        Seed = Request.Seed,
        Memory = memory,
        MemoryHome = home,
    };

    private GroupPlan BoardGroup()
    {
        ActorAddress[] addresses =
        [
            OnBoard(ActorRole.Boundary),
            new(Host, ActorRole.Memory, Request.Vcpus),
            Vmm,
            .. DeviceRoles.Select(OnBoard),
            .. HasPeers ? [OnBoard(ActorRole.DoorbellDevice)] : Array.Empty<ActorAddress>(),
            .. Enumerable.Range(0, MsiQueues).Select(Eventfd),
            .. MoreOnBoard,
        ];
        return new GroupPlan(NameOf(GroupNames.Board), ClassOf(MachinePlan.BoardClass), addresses, () =>
        {
            var memory = new GuestMemory(Layout, Layout.SharedBase, 0, _budget);
            LoadAtFirst(memory, Layout.SharedBase, Request.Program.SharedImage);
            var home = new MemoryActor(addresses[1], memory, Request.Vcpus);
            return
            [
                Boundary(),
                home,
                VmmOf(),
                .. Devices(memory, home),
                .. HasPeers ? [PeerDoorbell()] : Array.Empty<Actor>(),
                .. Enumerable.Range(0, MsiQueues).Select(EventfdOf),
                .. MoreBoardActors(),
            ];
        })
        { Host = PlaceOfGroups };
    }

    private DoorbellDeviceActor PeerDoorbell() =>
        new(Host, new DoorbellPlace(PeerDoorbellBase, PeerDoorbellTarget, Request.Machines!.Count, DoorbellVectors), Placement);

    /// <summary>A VM that may migrate starts at host 0; at the other one there is nothing in memory before it comes.</summary>
    private void LoadAtFirst(GuestMemory memory, ulong start, ReadOnlySpan<byte> image)
    {
        if (Host == 0 || Request.Migrations is null)
        {
            memory.Load(start, image);
        }
    }
}
