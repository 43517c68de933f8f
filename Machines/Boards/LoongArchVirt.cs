using Trapline.Actors.Kernel;
using Trapline.Actors.Memory;
using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>
/// The board <c>loongarch-virt</c>, after QEMU's machine of the same purpose: up to 256 vCPUs, each a group with its IPI
/// unit, timer and per-CPU pages, and one group for the board: the shared interrupt controllers, devices, boundary and the
/// rest of memory. A machine that may migrate has all of this at two hosts, and its disk image in a group of its own.
/// </summary>
public static class LoongArchVirt
{
    /// <summary>Index of the path classes; those of the second host follow the first's.</summary>
    internal const int VcpuClass = 0;
    internal const int BoardClass = 1;
    internal const int ClassesPerHost = 2;
    private const int StorageClass = Hosts * ClassesPerHost;
    private const int Hosts = 2;

    private static readonly string[] OneHost = ["vcpu", "board"];
    private static readonly string[] TwoHosts = ["vcpu", "board", "host1 vcpu", "host1 board", "storage"];

    public static SimulationPlan Build(MachineRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request = request with { Profile = request.Settings.Quirks.ApplyTo(request.Profile) };
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Vcpus, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Vcpus, request.Profile.MaximumVcpus);
        var path = new PathTable.Path(request.Costs.PathLatency, request.Costs.PathJitter);
        var budget = new MemoryBudget(request.Limits.MemoryBytes);
        if (request.Migrations is null)
        {
            return Plan(request, [.. new LoongArchHost(request, 0, budget).Groups()], new PathTable(OneHost, (_, _) => path));
        }

        var link = new PathTable.Path(request.LinkLatency);
        List<GroupPlan> groups = [];
        for (var host = 0; host < Hosts; host++)
        {
            groups.AddRange(new LoongArchHost(request, host, budget).Groups());
        }

        groups.Add(new GroupPlan("storage", StorageClass, [new ActorAddress(0, ActorRole.DiskImage, 0)], () => [new DiskImageActor(owner: 0)]));
        return Plan(request, groups, new PathTable(TwoHosts, (from, to) => from / ClassesPerHost == to / ClassesPerHost ? path : link));
    }

    private static SimulationPlan Plan(MachineRequest request, IReadOnlyList<GroupPlan> groups, PathTable paths) =>
        new(groups, paths, request.Seed, request.Limits) { Faults = request.Faults, Perturbation = request.Perturbation, IsMigratable = request.Migrations is not null };
}
