using Trapline.Cluster.Coordination;
using Trapline.Cluster.Nodes;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Machines.Results;
using Trapline.Messages.State;

namespace Trapline.Cluster.Clients;

/// <summary>From what nodes have left of a run to what a person reads of it.</summary>
internal sealed class RunResults
{
    private readonly ICoordination _coordination;
    private readonly RunRow _row;
    private readonly RunPlan _plan;
    private readonly RunSpecification _specification;
    private readonly SpecifiedVariants _variants;

    public RunResults(ICoordination coordination, RunRow row)
    {
        (_coordination, _row) = (coordination, row);
        _plan = RunPlan.Decode(row.Plan);
        _specification = RunSpecification.Decode(coordination.Specification(row.Id));
        _variants = new SpecifiedVariants(_specification);
    }

    /// <summary>Of the variants whose results are there.</summary>
    /// <exception cref="RunException">It failed, or has no results.</exception>
    public RunReport Report()
    {
        if (_row.Phase == RunPhase.Failed)
        {
            throw new RunException(RunFailure.Simulation, Problem(_plan.Jobs.First(job => job.State == JobState.Failed)));
        }

        List<Job> done = [.. _plan.Jobs.Where(job => job.State == JobState.Done)];
        return done.Count > 0
            ? Report(done, isWhole: _row.Phase == RunPhase.Done && !_specification.Smoke)
            : throw new RunException(RunFailure.Environment, _row.Phase == RunPhase.Stopped ? $"run {_row.Id} was stopped before there were results" : $"run {_row.Id} has no results yet");
    }

    /// <summary>Of each seed, in their order; of one that was interrupted there is nothing.</summary>
    public IReadOnlyList<SeedOutcome> BySeed() =>
    [
        .. _plan.Jobs.GroupBy(job => job.Seed).Select(jobs =>
        {
            var report = jobs.All(job => job.State == JobState.Done) ? Report([.. jobs], isWhole: false) : null;
            var failed = jobs.FirstOrDefault(job => job.State == JobState.Failed && job.Attempt > 0);
            return new SeedOutcome(jobs.Key, report?.EndReason == "interrupted" ? null : report, failed is null ? "" : Problem(failed));
        }),
    ];

    /// <summary>What people did to it so far, as a journal that repeats it.</summary>
    public void WriteJournal(string path)
    {
        List<VariantPlan> plans = [.. _specification.Variants.Select(variant => _variants.Plan(variant, _specification.Seeds[0]))];
        using var journal = JournalWriter.Open(path, plans[0].Scenario, RunFingerprint.Of(plans, _specification.Smoke));
        foreach (var act in _plan.Jobs.SelectMany(job => WrittenActs.Since(_coordination, _row.Id, job.Number)))
        {
            journal.Write(act);
        }
    }

    private static string Problem(Job job) => job.Problem.Length > 0 ? job.Problem : $"variant {job.Variant} could not be carried out";

    private RunReport Report(List<Job> jobs, bool isWhole)
    {
        List<VariantPlan> plans = [.. jobs.Select(job => _variants.Plan(job.Variant, job.Seed))];
        List<VariantReport> reports = [.. jobs.Zip(plans, ReportOf)];
        var scenario = plans[0].Scenario with { Variants = [.. plans.Select(variant => variant.Variant)] };
        var members = jobs.SelectMany(job => job.Members).ToHashSet();
        var threads = _coordination.Members().Where(member => members.Contains(member.Id)).Select(member => member.Node.Threads).DefaultIfEmpty(1).Max();
        return RunSummary.Of(scenario, reports, threads, jobs.Max(job => job.Members.Count), checkpoints: null) with
        {
            Calibration = isWhole ? Calibrator.Calibrate(scenario.Costs, plans, reports) : null,
        };
    }

    private VariantReport ReportOf(Job job, VariantPlan plan)
    {
        var payload = _coordination.Payloads(_row.Id, job.Number, PayloadKinds.Result).Last(result => result.Attempt == job.Attempt);
        try
        {
            var outcome = new VariantOutcome(plan);
            ResultContent.Unpack(payload.Content, outcome);
            return outcome.Report(plan.Scenario.Faults.Count == 0 ? [] : plan.Build().Faults);
        }
        catch (StateFormatException failure)
        {
            throw new RunException(RunFailure.Environment, $"the results of {job.Variant} cannot be read by this version of the program: {failure.Message}", failure);
        }
    }
}
