using Trapline.Actors.Invariants;
using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Machines.Results.Migrations;

/// <summary>Where a VM has noticed that it migrated: the invariant <c>migration</c>. It is judged from both sides together, and so when the run is over.</summary>
public static class MigrationViolations
{
    /// <summary>One for each device of each migration; later ones say nothing new.</summary>
    private const int Most = 16;

    /// <param name="results">In the order in which they began.</param>
    /// <param name="audits">Registers that were compared.</param>
    /// <param name="plans">Of the scenario: what was done on purpose is named.</param>
    public static IEnumerable<ViolationRow> Of(IReadOnlyList<MigrationResult> results, IReadOnlyList<MigrationAudit> audits, IReadOnlyList<MigrationPlan> plans)
    {
        var rows = new List<ViolationRow>();
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (audits.FirstOrDefault(audit => audit.Asked == result.Asked) is not { } audit)
            {
                continue;
            }

            var faults = plans.FirstOrDefault(plan => plan.At == result.Asked)?.TransferFaults ?? [];
            var fault = faults.Count == 0 ? null : string.Join(", ", faults.Select(MigrationRows.TextOf));
            rows.AddRange(audit.Rows
                .Where(row => RegisterReasons.IsViolation(row.Judgement))
                .GroupBy(row => row.Device)
                .Select(changed => Row(i + 1, result, changed.Key, [.. changed], fault)));
        }

        return rows.Take(Most);
    }

    private static ViolationRow Row(int number, MigrationResult result, ActorAddress device, IReadOnlyList<AuditedRow> rows, string? fault)
    {
        var first = rows[0];
        var more = rows.Count == 1 ? "" : $", and {rows.Count - 1} more of its rows differ";
        var text = $"{first.Row} is 0x{first.After:x} after migration {number}, it was 0x{first.Before:x} before{more}";
        var at = result.ResumedAt.IsNever ? result.EndedAt : result.ResumedAt;
        return new ViolationRow(InvariantNames.NameOf(Invariant.Migration), (decimal)at.Picoseconds / VirtualTime.PerNanosecond, device.ToString(), text, [], fault);
    }
}
