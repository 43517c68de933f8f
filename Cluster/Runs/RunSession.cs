using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>Carries out a run: every variant in turn, in this process alone.</summary>
public static class RunSession
{
    /// <summary>Blocks until the run has ended.</summary>
    /// <exception cref="RunException">It could not be carried out.</exception>
    public static RunReport Run(RunRequest request, RunControl control)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(control);
        return Run(request, control, request.Restored is { } restored ? [restored.Plan] : Assemble(request.Scenario));
    }

    /// <summary>A run for each seed that is asked for, in this process alone: the guest is assembled once for all of them.</summary>
    /// <exception cref="RunException">The guest has errors; the runs may throw it too.</exception>
    public static Func<ulong, RunControl, RunReport> ForSeeds(RunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var variants = Assemble(request.Scenario);
        return (seed, control) =>
        {
            var scenario = request.Scenario with { Seed = seed };
            return Run(request with { Scenario = scenario }, control, [.. variants.Select(variant => variant with { Scenario = scenario })]);
        };
    }

    private static VariantPlan[] Assemble(Scenario scenario) => [.. scenario.Variants.Select(variant => VariantPlan.Of(scenario, variant))];

    private static RunReport Run(RunRequest request, RunControl control, VariantPlan[] variants)
    {
        try
        {
            using var checkpoints = request.Checkpoints is { } wanted ? new CheckpointWriter(wanted) : null;
            var reports = RunAll(request, control, variants, checkpoints);
            var calibration = request.Smoke || control.Interrupted ? null : Calibrator.Calibrate(request.Scenario.Costs, variants, reports);
            return RunSummary.Of(request.Scenario, reports, request.Threads, nodes: 1, checkpoints?.Finish()) with
            {
                RestoredFrom = request.Restored is { } restored ? new RestoredFrom(restored.Id, (decimal)restored.At.Picoseconds / VirtualTime.PerNanosecond) : null,
                Calibration = calibration,
            };
        }
        finally
        {
            control.RefuseRequests();
            foreach (var trace in request.Traces)
            {
                trace.Finish();
            }
        }
    }

    /// <summary>The machine of a scenario's first variant, for those who drive an engine themselves: benchmarks, tests.</summary>
    /// <exception cref="RunException">The guest has errors.</exception>
    public static SimulationPlan Plan(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return VariantPlan.Of(scenario, scenario.Variants[0]).Build();
    }

    private static List<VariantReport> RunAll(RunRequest request, RunControl control, VariantPlan[] variants, CheckpointWriter? checkpoints)
    {
        var fingerprint = RunFingerprint.Of(variants, request.Smoke);
        using var journal = JournalWriter.Open(request.JournalToWrite, request.Scenario, fingerprint);
        var acts = JournalReader.Read(request.JournalToRepeat, [fingerprint, .. request.Restored is { } from ? [from.Run.RunFingerprint] : Array.Empty<string>()]);
        var reports = new List<VariantReport>();
        var at = "";
        try
        {
            foreach (var variant in variants)
            {
                at = variant.Variant.Name;
                JournalEntry[] repeated = [.. acts.Where(act => act.Variant == at)];
                reports.Add(new VariantRunner(request, control, variant, journal, repeated) { Checkpoints = checkpoints, RunFingerprint = fingerprint }.Run());
                if (reports[^1].EndReason == "interrupted")
                {
                    break;
                }
            }
        }
        catch (SimulationException failure)
        {
            throw new RunException(RunFailure.Simulation, $"variant {at}: {failure.Message}", failure);
        }

        return reports;
    }
}
