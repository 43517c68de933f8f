using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>What a user should know before believing a result that looks like any other.</summary>
internal static class RunWarnings
{
    public static IReadOnlyList<string> Of(IReadOnlyList<VariantReport> variants, VirtualTime latency)
    {
        var warnings = new List<string>();
        foreach (var variant in variants)
        {
            if (variant.EndReason != "interrupted" && variant.VirtualNs <= (decimal)latency.Picoseconds * 2 / VirtualTime.PerNanosecond)
            {
                warnings.Add($"{variant.Name}: the run ended at once, after {variant.VirtualNs} ns ({variant.EndDetail})");
            }

            if (variant.SentToNobody > 0)
            {
                warnings.Add($"{variant.Name}: {variant.SentToNobody} sends addressed a CPU id that no vCPU has; real hardware ignores them as well");
            }
            else if (variant.Vcpus.Count > 1 && variant.Interrupts.Raised == 0)
            {
                warnings.Add($"{variant.Name}: no vCPU was sent an interrupt by anybody");
            }
        }

        if (variants.Count > 0 && variants.All(variant => !variant.SeedDecided))
        {
            warnings.Add("the seed decided nothing (no random draw, no tie): every seed gives this same run");
        }

        return warnings;
    }
}
