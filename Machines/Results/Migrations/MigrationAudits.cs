using Trapline.Actors.Invariants;
using Trapline.Actors.Migration;

namespace Trapline.Machines.Results.Migrations;

/// <summary>
/// Puts the registers of both sides of each migration beside one another. What differs and has no harmless reason breaks the
/// invariant <c>migration</c>: a machine can be saved, restored elsewhere, and not notice.
/// </summary>
public static class MigrationAudits
{
    /// <param name="inspections">Of all nodes.</param>
    /// <param name="results">Of all nodes.</param>
    /// <returns>One of each migration that came to the point at which the guest could run again, in the order of the results.</returns>
    public static IReadOnlyList<MigrationAudit> Of(IReadOnlyList<Inspection> inspections, IReadOnlyList<MigrationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var after = inspections.Where(each => each.IsAfter).ToLookup(each => (each.Source, each.Ordinal));
        var before = inspections.Where(each => !each.IsAfter).ToLookup(each => (each.Source, each.Ordinal));
        var begun = new Dictionary<int, int>();
        var audits = new List<MigrationAudit>();
        foreach (var result in results)
        {
            var ordinal = begun[result.Source] = begun.GetValueOrDefault(result.Source) + 1;
            var key = (result.Source, ordinal);
            if (!after[key].Any())
            {
                continue;
            }

            var there = after[key].ToDictionary(each => (each.Actor.Role, each.Actor.Index));
            var audit = new MigrationAudit { Asked = result.Asked };
            foreach (var here in before[key].OrderBy(each => each.Actor))
            {
                if (there.TryGetValue((here.Actor.Role, here.Actor.Index), out var other))
                {
                    audit.Rows.AddRange(Compare(here, other));
                }
            }

            audits.Add(audit);
        }

        return audits;
    }

    private static IEnumerable<AuditedRow> Compare(Inspection before, Inspection after)
    {
        var later = after.Rows.ToDictionary();
        foreach (var (name, value) in before.Rows)
        {
            if (later.Remove(name, out var other))
            {
                var judgement = name == RegisterReasons.Counter
                    ? RegisterReasons.OfCounter(value, other, after.At - before.At)
                    : value == other ? "" : RegisterReasons.Of(before.Actor.Role, name, value, other);
                yield return new AuditedRow(before.Actor, name, value, other, judgement);
            }
            else
            {
                yield return new AuditedRow(before.Actor, name, value, 0, RegisterReasons.OfMissing(before.Actor.Role, name));
            }
        }

        foreach (var (name, value) in later)
        {
            yield return new AuditedRow(before.Actor, name, 0, value, RegisterReasons.OfMissing(before.Actor.Role, name));
        }
    }
}
