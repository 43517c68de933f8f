using System.Text.Json;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs;
using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Runs.Checkpoints;

/// <summary>All that a variant found, as text: its report without what says how it was carried out.</summary>
internal static class Finding
{
    public static string Of(Engine engine, VariantPlan variant, VirtualTime limit)
    {
        var results = NodeResult.Of(engine, variant.Program);
        var judge = new RunJudge([results.Observed]).Violations();
        var rows = new ViolationRows(engine.Plan.Faults, [results.Observed], judge.Count == 0 ? [] : [NodeLives.Of(engine, judge)]);
        return Of(new VariantReportBuilder(variant.Variant, variant.Program, [results]).Build(limit, interrupted: false, wallSeconds: 0, (rows.Of(judge), rows.Faults())));
    }

    public static string Of(VariantReport report) => JsonSerializer.Serialize(report with { WallSeconds = 0, Windows = 0 });
}
