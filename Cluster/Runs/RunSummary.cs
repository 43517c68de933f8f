using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>From the reports of variants to that of their run.</summary>
internal static class RunSummary
{
    public static RunReport Of(Scenario scenario, IReadOnlyList<VariantReport> variants, int threads, int nodes, CheckpointSummary? checkpoints)
    {
        var digest = Digest128.Empty;
        foreach (var variant in variants)
        {
            digest.Absorb(variant.Digest);
        }

        // Of several variants the one counts that went wrong; else the last.
        var decisive = variants.FirstOrDefault(variant => variant.EndReason is "assertion" or "violation" or "interrupted") ?? variants[^1];
        return new RunReport
        {
            Scenario = scenario.Name,
            Seed = scenario.Seed,
            Digest = digest.ToString(),
            VirtualNs = variants.Sum(variant => variant.VirtualNs),
            WallSeconds = variants.Sum(variant => variant.WallSeconds),
            Messages = variants.Sum(variant => variant.Messages),
            Windows = variants.Sum(variant => variant.Windows),
            Threads = threads,
            Nodes = nodes,
            EndReason = decisive.EndReason,
            Variants = variants,
            Checkpoints = checkpoints,
            Warnings = [.. RunWarnings.Of(scenario, variants), .. RunWarnings.Of(checkpoints)],
        };
    }
}
