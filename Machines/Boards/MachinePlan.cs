using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>
/// The plan of a machine of any board: each vCPU a group with what is per CPU, and one group for the board. A machine that may
/// migrate has all of this at two hosts, and its disk image in a group of its own. Several machines have all of this each, and a doorbell
/// device on each board; between them nothing else has a path. One machine may lie on several modelled hosts: then what crosses from one
/// to another takes longer.
/// </summary>
internal static class MachinePlan
{
    /// <summary>Index of the path classes; those of the second host follow the first's.</summary>
    public const int VcpuClass = 0;
    public const int BoardClass = 1;
    public const int ClassesPerHost = 2;
    private const int StorageClass = Hosts * ClassesPerHost;
    private const int Hosts = 2;

    private static readonly string[] OneHost = ["vcpu", "board"];
    private static readonly string[] TwoHosts = ["vcpu", "board", "host1 vcpu", "host1 board", "storage"];

    /// <param name="request">What the machine is made of, with the quirks in its profile.</param>
    /// <param name="make">One host of it: of what number, paid for by which budget.</param>
    public static SimulationPlan Build(MachineRequest request, Func<int, MemoryBudget, MachineHost> make)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Vcpus, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Vcpus, BoardKind.MaximumVcpusOf(request.Profile));
        var path = new PathTable.Path(request.Costs.PathLatency, request.Costs.PathJitter);
        var budget = new MemoryBudget(request.Limits.MemoryBytes);
        IEnumerable<GroupPlan> Groups(int host) => make(host, budget).Groups();

        if (request.Settings.Hosts is { } hosts)
        {
            return Spread(request, hosts, path, [.. Groups(0)]);
        }

        if (request.Machines is { } machines)
        {
            return Several(request, machines, path, Groups);
        }

        if (request.Migrations is null)
        {
            return Plan(request, [.. Groups(0)], new PathTable(OneHost, (_, _) => path));
        }

        var link = new PathTable.Path(request.LinkLatency);
        List<GroupPlan> groups = [.. Enumerable.Range(0, Hosts).SelectMany(Groups)];
        groups.Add(new GroupPlan(GroupNames.Storage, StorageClass, [new ActorAddress(0, ActorRole.DiskImage, 0)], () => [new DiskImageActor(owner: 0)]));
        return Plan(request, groups, new PathTable(TwoHosts, (from, to) => from / ClassesPerHost == to / ClassesPerHost ? path : link));
    }

    /// <summary>Of a machine that lies on several modelled hosts: the vCPUs of each host but the first, which has the board, have a class of their own.</summary>
    public static int VcpuClassOnHost(int host) => host == 0 ? VcpuClass : BoardClass + host;

    private static SimulationPlan Spread(MachineRequest request, HostSpread hosts, PathTable.Path inside, IReadOnlyList<GroupPlan> groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hosts.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hosts.Count, Math.Min(request.Vcpus, HostSpread.MaximumCount));
        if (request.Machines is not null || request.Migrations is not null)
        {
            throw new ArgumentException("a machine on several modelled hosts is alone, and stays where it is", nameof(request));
        }

        if (hosts.Latency < inside.Latency)
        {
            throw new ArgumentException($"between two hosts a message takes {hosts.Latency}, less than the {inside.Latency} inside one", nameof(request));
        }

        // What perturbs paths perturbs all.
        var between = new PathTable.Path(hosts.Latency, inside.Jitter, InterHost: hosts.Latency - inside.Latency);
        string[] classes = [.. OneHost, .. Enumerable.Repeat(OneHost[VcpuClass], hosts.Count - 1)];
        var paths = new PathTable(classes, (from, to) => HostOfClass(from) == HostOfClass(to) ? inside : between);
        return Plan(request, groups, paths);
    }

    private static int HostOfClass(int groupClass) => Math.Max(0, groupClass - BoardClass);

    private static SimulationPlan Several(MachineRequest request, MachineGroup machines, PathTable.Path inside, Func<int, IEnumerable<GroupPlan>> groupsOf)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(machines.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(machines.Count, ActorAddress.MachineLimit);
        if (request.Migrations is not null)
        {
            throw new ArgumentException("several machines cannot migrate: each would need a second host", nameof(request));
        }

        var link = new PathTable.Path(machines.LinkLatency);
        string[] classes = [.. Enumerable.Repeat(OneHost, machines.Count).SelectMany(names => names)];
        var paths = new PathTable(classes, (from, to) =>
            from / ClassesPerHost == to / ClassesPerHost ? inside
            : from % ClassesPerHost == BoardClass && to % ClassesPerHost == BoardClass ? link
            : PathTable.Path.None);
        return Plan(request, [.. Enumerable.Range(0, machines.Count).SelectMany(groupsOf)], paths);
    }

    private static SimulationPlan Plan(MachineRequest request, IReadOnlyList<GroupPlan> groups, PathTable paths) =>
        new(groups, paths, request.Seed, request.Limits) { Faults = request.Faults, Perturbation = request.Perturbation, IsMigratable = request.Migrations is not null };
}
