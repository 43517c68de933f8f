using Trapline.Machines.Results.Migrations;

namespace Trapline.Machines.Results;

/// <summary>One cell of the matrix.</summary>
public sealed record VariantReport
{
    /// <summary>The matrix values, <c>vcpus=256 pattern=all-to-all</c>; the scenario's name where there is no matrix.</summary>
    public required string Name { get; init; }

    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    public required string Digest { get; init; }

    public required decimal VirtualNs { get; init; }

    public required double WallSeconds { get; init; }

    public required long Messages { get; init; }

    public required long Windows { get; init; }

    public required string EndReason { get; init; }

    /// <summary>One sentence: who ended it, where, with what.</summary>
    public required string EndDetail { get; init; }

    public required IReadOnlyList<ExitRow> Exits { get; init; }

    public required IReadOnlyList<LatencyRow> Latencies { get; init; }

    /// <summary>Locks that make their takers wait; empty where the machine has none.</summary>
    public IReadOnlyList<LockRow> Locks { get; init; } = [];

    public required InterruptTotals Interrupts { get; init; }

    /// <summary>Per vCPU, in order of index.</summary>
    public required IReadOnlyList<VcpuInterrupts> Vcpus { get; init; }

    /// <summary>The guest's own counters and KVM's statistics (<c>ipi_write_exits</c> …), summed over vCPUs, in order of name.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    public required IReadOnlyList<MarkRow> Marks { get; init; }

    /// <summary>Sections that guests marked, by vCPU, then in the order in which the guest's text names them.</summary>
    public required IReadOnlyList<SectionRow> Sections { get; init; }

    /// <summary>Migrations that have begun, in the order of time; empty where there was none.</summary>
    public IReadOnlyList<MigrationRow> Migrations { get; init; } = [];

    public required IReadOnlyList<ExpectationRow> Expectations { get; init; }

    /// <summary>Violated invariants, the first ones, in the order of time.</summary>
    public required IReadOnlyList<ViolationRow> Violations { get; init; }

    /// <summary>Planned faults that hit a message, in the order of time.</summary>
    public required IReadOnlyList<FaultRow> Faults { get; init; }

    /// <summary>The guest's exit code, signed; 0 where no guest executed <c>exit</c>.</summary>
    public required long ExitCode { get; init; }

    /// <summary>vCPUs that fault for ever because their exception entry holds no code: a sentence for each.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Sends whose CPU id no vCPU has.</summary>
    public required long SentToNobody { get; init; }

    /// <summary>True if the seed decided something: a draw or a tie.</summary>
    public required bool SeedDecided { get; init; }

    /// <summary>How it went over several nodes; null where it ran in one process.</summary>
    public SplitReport? Split { get; init; }
}
