using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What a user should know before believing a result that looks like any other.</summary>
internal static class RunWarnings
{
    /// <summary>Checkpoints that a user may count on and that are not there.</summary>
    public static IEnumerable<string> Of(CheckpointSummary? checkpoints)
    {
        if (checkpoints is { Failed: > 0 })
        {
            yield return $"{checkpoints.Failed} of {checkpoints.Failed + checkpoints.Saved.Count} checkpoints were not saved in {checkpoints.Store}: {checkpoints.Problem}";
        }

        if (checkpoints is { LeftOut: > 0 })
        {
            yield return $"{checkpoints.LeftOut} checkpoints were left out: the run is faster than {checkpoints.Store}; make --checkpoint-every longer, or name the times with --checkpoint-at";
        }
    }

    public static IReadOnlyList<string> Of(Scenario scenario, IReadOnlyList<VariantReport> variants)
    {
        var latency = scenario.Costs.BetweenGroups.Latency;
        var warnings = new List<string>();
        var unjudged = variants.Count(variant => variant.Expectations.Count == 0 && scenario.Variants[0].Expectations.Count > 0);
        if (unjudged > 0)
        {
            warnings.Add($"the expectations of {unjudged} of {variants.Count} variants were not judged: the run was cut short");
        }

        foreach (var variant in variants)
        {
            if (variant.EndReason is not ("interrupted" or "violation") && variant.VirtualNs <= (decimal)latency.Picoseconds * 2 / VirtualTime.PerNanosecond)
            {
                warnings.Add($"{variant.Name}: the run ended at once, after {variant.VirtualNs} ns ({variant.EndDetail})");
            }

            warnings.AddRange(variant.Lost.Select(lost => $"{variant.Name}: {lost}"));
            if (variant.SentToNobody > 0)
            {
                var profile = scenario.Variants.First(each => each.Name == variant.Name).Behaviour;
                var consequence = profile is LoongArchProfile { UnknownTarget: UnknownTarget.Crash } ? $"{profile.Name} itself would have died of it" : "real hardware ignores that as well";
                warnings.Add($"{variant.Name}: sends to a CPU id that no vCPU has: {variant.SentToNobody}; {consequence}");
            }
            else if (variant.Vcpus.Count > 1 && variant.Interrupts.Raised == 0)
            {
                warnings.Add($"{variant.Name}: no vCPU was sent an interrupt by anybody");
            }
        }

        foreach (var alike in scenario.Variants.GroupBy(variant => variant.Machine.Quirks).Where(group => group.Key.All.Count > 0))
        {
            warnings.Add($"quirks are on in {alike.Count()} of {scenario.Variants.Count} variants: {alike.Key}");
        }

        warnings.AddRange(OfMigrations(scenario, variants));
        if (scenario.Faults.Count > 0 && variants.All(variant => variant.Faults.Count == 0))
        {
            warnings.Add($"no planned fault has hit anything, the first is '{scenario.Faults[0]}': fewer such messages were sent on any path, or none");
        }

        if (variants.Count > 0 && variants.All(variant => !variant.SeedDecided))
        {
            warnings.Add("the seed decided nothing (no random draw, no tie): every seed gives this same run");
        }

        return warnings;
    }

    private static IEnumerable<string> OfMigrations(Scenario scenario, IReadOnlyList<VariantReport> variants)
    {
        foreach (var variant in variants)
        {
            var planned = scenario.Variants.First(each => each.Name == variant.Name).Migrations ?? [];
            var missing = planned.Count(plan => variant.Migrations.All(row => row.AskedNs != (decimal)plan.At.Picoseconds / VirtualTime.PerNanosecond));
            if (missing > 0)
            {
                yield return $"{variant.Name}: {missing} of {planned.Count} planned migrations did not begin before the run ended";
            }

            foreach (var open in variant.Migrations.Where(row => row.Outcome == "open"))
            {
                yield return $"{variant.Name}: the run ended while migration {open.Number} was in its step {open.EndedIn}";
            }
        }
    }
}
