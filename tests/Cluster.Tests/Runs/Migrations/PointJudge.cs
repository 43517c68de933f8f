namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>Compares a run that was migrated with the same one that was not.</summary>
internal static class PointJudge
{
    public static IEnumerable<string> Problems(PointMachine machine, PointRun run)
    {
        var (expected, actual) = (machine.Undisturbed.Report, run.Report);
        foreach (var violation in actual.Violations)
        {
            yield return $"{violation.Invariant} at {violation.Actor} after {violation.AtNs} ns: {violation.Text}";
        }

        if ((expected.EndReason, expected.ExitCode) != (actual.EndReason, actual.ExitCode))
        {
            yield return $"ended by {actual.EndReason} ({actual.EndDetail}), undisturbed by {expected.EndReason}";
            yield break;
        }

        foreach (var migration in actual.Migrations.Where(row => row.Outcome is not ("completed" or "open")))
        {
            yield return $"migration {migration.Number} is {migration.Outcome}: {migration.Error}";
        }

        if (run.Said.DifferenceFrom(machine.Undisturbed.Said, name => TimeDependence.IsCompared(machine.Scenario, name)) is { } difference)
        {
            yield return difference;
        }

        foreach (var counter in actual.Counters.Where(counter => machine.IsOfGuest(counter.Key) && TimeDependence.IsCompared(machine.Scenario, $"count {counter.Key}")))
        {
            if (expected.Counters[counter.Key] != counter.Value)
            {
                yield return $"counter {counter.Key} is {counter.Value}, undisturbed {expected.Counters[counter.Key]}";
            }
        }

        foreach (var (was, now) in expected.Expectations.Zip(actual.Expectations))
        {
            if (was.Holds && !now.Holds && TimeDependence.IsCompared(machine.Scenario, was.Text))
            {
                yield return $"held undisturbed: {now.Text} ({now.Actual})";
            }
        }

        var totals = actual.Interrupts;
        if (totals.Raised != totals.Handled + totals.Coalesced + totals.Masked + totals.Pending + totals.Withdrawn)
        {
            yield return $"interrupts without a fate: {totals}";
        }
    }
}
