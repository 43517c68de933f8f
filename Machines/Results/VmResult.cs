using Trapline.Actors.Guests;
using Trapline.Actors.Migration;
using Trapline.Machines.Results.Migrations;

namespace Trapline.Machines.Results;

/// <summary>
/// What all nodes found at one VM. Where it has two hosts each has a vCPU, an IPI unit and a board of every number; they are counted
/// as one, for the guest knows of one. Several machines are several: each keeps its vCPUs, and their boards are added up.
/// </summary>
public sealed class VmResult
{
    /// <param name="program">What its vCPUs run.</param>
    /// <param name="nodes">All.</param>
    /// <param name="areSeveral">What has another number is another machine, not another host of the same.</param>
    public VmResult(GuestProgram program, IReadOnlyList<NodeResult> nodes, bool areSeveral = false)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        int NumberOf(int machine) => areSeveral ? machine : 0;
        Migrations = [.. nodes.SelectMany(node => node.Migrations).OrderBy(migration => migration.Began(MigrationStep.Setup)).ThenBy(migration => migration.Asked)];
        Audits = MigrationAudits.Of([.. nodes.SelectMany(node => node.Observed.Inspections)], Migrations);
        Host = Migrations.Count == 0 ? 0 : Migrations[^1].RunsAt;
        Vcpus =
        [
            .. nodes.SelectMany(node => node.Vcpus)
                .GroupBy(vcpu => (NumberOf(vcpu.Machine), vcpu.Index))
                .OrderBy(parts => parts.Key)
                .Select(parts => VcpuResult.Merge(program, [.. parts.OrderBy(vcpu => Place(vcpu.Machine))])),
        ];
        Ipis = nodes.SelectMany(node => node.Ipis).GroupBy(ipi => (NumberOf(ipi.Machine), ipi.Index)).ToDictionary(parts => parts.Key, parts => IpiResult.Merge([.. parts]));
        BoardResult[] boards = [.. nodes.SelectMany(node => node.Boards).OrderBy(board => Place(board.Machine)).ThenBy(board => board.Machine)];
        Board = areSeveral ? BoardResult.Sum(boards) : BoardResult.Merge(boards);
    }

    /// <summary>The number of the host where the VM is at the end.</summary>
    public int Host { get; }

    /// <summary>In order of machine, then of index.</summary>
    public IReadOnlyList<VcpuResult> Vcpus { get; }

    /// <summary>By machine, which is 0 where there is one, and index.</summary>
    public IReadOnlyDictionary<(int Machine, int Index), IpiResult> Ipis { get; }

    public BoardResult Board { get; }

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<MigrationResult> Migrations { get; }

    public IReadOnlyList<MigrationAudit> Audits { get; }

    /// <summary>The host where the VM is comes first: what holds at the end holds there.</summary>
    private int Place(int machine) => machine == Host ? -1 : machine;
}
