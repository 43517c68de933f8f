using System.Text.Json;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Nodes;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Messages.State;

namespace Trapline.Cluster.Clients;

/// <summary>What a person does with a cluster from outside: hand it a run, look at it, ask something of it, take its report. The run is the cluster's: a client that goes changes nothing.</summary>
public sealed class ClusterClient(ICoordination coordination) : IDisposable
{
    /// <summary>For people: file or database, without secrets.</summary>
    public string Place => coordination.Place;

    /// <summary>Hands over a run; returns its number.</summary>
    /// <exception cref="RunException">The scenario is wrong, or one of its files cannot be read once more.</exception>
    /// <exception cref="CoordinationException">The cluster cannot take it.</exception>
    public long Submit(ClusterRunRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var scenario = request.Scenario;
        List<VariantPlan> plans = [.. scenario.Variants.Select(variant => VariantPlan.Of(scenario, variant))];
        foreach (var plan in plans)
        {
            // What is wrong with it is better said here than by a node.
            var machine = plan.Build();
            plan.Length(request.Smoke, machine.Window);
            if (request.Window is { } window && machine.WindowProblem(window) is { } problem)
            {
                throw new RunException(RunFailure.Input, $"--window: {problem}");
            }
        }

        if (request.Placement is PlacementPolicy.Explicit or PlacementPolicy.Pack && scenario.Placement?.Policy != request.Placement)
        {
            var missing = request.Placement == PlacementPolicy.Explicit ? "groups" : "groupsPerNode";
            throw new RunException(RunFailure.Input, $"--placement {request.Placement.ToString()!.ToLowerInvariant()} needs 'placement.{missing}' in the scenario; write it there, or take spread, host or traffic");
        }

        var specification = new RunSpecification
        {
            Inputs = RunInputs.Collect(plans),
            Variants = [.. scenario.Variants.Select(variant => variant.Name)],
            Seeds = [scenario.Seed],
            UntilPs = request.Overrides.Until?.Picoseconds,
            Faults = [.. request.Overrides.Faults.Select(fault => fault.ToString())],
            Smoke = request.Smoke,
            Invariants = request.Invariants,
            WindowPs = request.Window?.Picoseconds,
            Placement = OrderOf(request),
            CheckpointSeconds = request.CheckpointEvery.TotalSeconds,
        };
        return coordination.Submit(new RunSubmission(scenario.Name, BuildIdentity.Current, specification.Encode(), RunPlan.Of(specification).Encode()));
    }

    /// <summary>Null where there is no such run.</summary>
    public RunStatus? Status(long run) => coordination.Find(run) is { } row ? StatusOf(row) : null;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<RunStatus> Runs(bool unfinishedOnly) => [.. coordination.Runs(unfinishedOnly).Select(StatusOf)];

    public IReadOnlyList<Member> Members() => coordination.Members();

    /// <summary>The log of all commits of a run.</summary>
    public IReadOnlyList<CommitRecord> Commits(long run) => coordination.Commits(run);

    /// <summary>Has a run stopped at its next window.</summary>
    public long Stop(long run) => coordination.Request(run, new RunQuestionText(RunQuestionText.Stop).Encode());

    /// <summary>Has a run cut once more and then given up by its nodes; <see cref="Resume"/> goes on with it, under another build if need be.</summary>
    public long Drain(long run) => coordination.Request(run, new RunQuestionText(RunQuestionText.Drain).Encode());

    /// <summary>Hands over what is left of a run that is over, at its checkpoints, under the build of this program; returns the new run's number.</summary>
    /// <exception cref="RunException">It is not over, or nothing is left of it.</exception>
    public long Resume(long run)
    {
        var row = coordination.Find(run) ?? throw new RunException(RunFailure.Input, $"there is no run {run} in {Place}");
        if (row.Phase == RunPhase.Open)
        {
            throw new RunException(RunFailure.Input, $"run {run} goes on; drain it first");
        }

        var rest = RunPlan.Decode(row.Plan).Rest(run);
        return rest.Jobs.Count > 0
            ? coordination.Submit(new RunSubmission(row.Name, BuildIdentity.Current, coordination.Specification(run), rest.Encode()))
            : throw new RunException(RunFailure.Input, $"run {run} was done: nothing of it is left");
    }

    /// <summary>Has groups placed anew by measured load and traffic.</summary>
    public long Rebalance(long run) => coordination.Request(run, new RunQuestionText(RunQuestionText.Rebalance).Encode());

    /// <summary>Has something done to the simulation: an act as in a journal.</summary>
    public long Act(long run, string act) => coordination.Request(run, new RunQuestionText(act).Encode());

    /// <summary>Has groups moved to another node of their attempt.</summary>
    public long Move(long run, IReadOnlyList<int> groups, int node) => coordination.Request(run, new RunQuestionText(RunQuestionText.Move, groups, node).Encode());

    /// <summary>Null until it was answered.</summary>
    public string? AnswerTo(long run, long request) => coordination.Requests(run).FirstOrDefault(question => question.Id == request)?.Answer;

    /// <summary>Returns when something may have changed, or after a time.</summary>
    public void Wait(TimeSpan atMost, CancellationToken cancellation) => coordination.WaitForChange(atMost, cancellation);

    /// <summary>The report of a run that is over: of the variants whose results are there.</summary>
    /// <exception cref="RunException">It failed, or has no results.</exception>
    public RunReport Report(long run)
    {
        var row = coordination.Find(run) ?? throw new RunException(RunFailure.Input, $"there is no run {run} in {Place}");
        var plan = RunPlan.Decode(row.Plan);
        if (row.Phase == RunPhase.Failed)
        {
            var failed = plan.Jobs.First(job => job.State == JobState.Failed);
            throw new RunException(RunFailure.Simulation, failed.Problem.Length > 0 ? failed.Problem : $"variant {failed.Variant} could not be carried out");
        }

        var specification = RunSpecification.Decode(coordination.Specification(run));
        var jobs = plan.Jobs.Where(job => job.State == JobState.Done).ToList();
        if (jobs.Count == 0)
        {
            throw new RunException(RunFailure.Environment, row.Phase == RunPhase.Stopped ? $"run {run} was stopped before there were results" : $"run {run} has no results yet");
        }

        List<VariantPlan> plans = [.. jobs.Select(job => RunInputs.Load(specification.Inputs, job.Variant, specification.OverridesOf(job.Seed)))];
        List<VariantReport> reports = [.. jobs.Zip(plans, (job, variant) => ReportOf(run, job, variant))];
        var scenario = plans[0].Scenario with { Variants = [.. plans.Select(variant => variant.Variant)] };
        var isWhole = row.Phase == RunPhase.Done && !specification.Smoke;
        return RunSummary.Of(scenario, reports, threads: 1, jobs.Max(job => job.Members.Count), checkpoints: null) with
        {
            Calibration = isWhole ? Calibrator.Calibrate(scenario.Costs, plans, reports) : null,
        };
    }

    public void Dispose() => coordination.Dispose();

    /// <summary>Null where whole variants are placed.</summary>
    private static PlacementOrder? OrderOf(ClusterRunRequest request) =>
        request.Placement is { } policy ? new PlacementOrder(policy, request.Nodes)
        : request.Scenario.Placement is { } own ? new PlacementOrder(null, request.Nodes ?? own.NodesOf(own.Groups.Count))
        : null;

    private VariantReport ReportOf(long run, Job job, VariantPlan plan)
    {
        var payload = coordination.Payloads(run, job.Number, PayloadKinds.Result).Last(result => result.Attempt == job.Attempt);
        try
        {
            var outcome = new VariantOutcome(plan);
            var reader = new StateReader(payload.Content);
            outcome.SyncState(reader);
            reader.Finish();
            return outcome.Report(plan.Build().Faults);
        }
        catch (StateFormatException failure)
        {
            throw new RunException(RunFailure.Environment, $"the results of {job.Variant} cannot be read by this version of the program: {failure.Message}", failure);
        }
    }

    private RunStatus StatusOf(RunRow row)
    {
        try
        {
            var plan = RunPlan.Decode(row.Plan);
            return new RunStatus(row, [.. plan.Jobs.Select(JobStatus.Of)], ParticipantsOf(row, plan));
        }
        catch (JsonException failure)
        {
            throw new RunException(RunFailure.Environment, $"run {row.Id} was written by another version of the program: {failure.Message}", failure);
        }
    }

    private IReadOnlyList<ParticipantStatus> ParticipantsOf(RunRow row, RunPlan plan) => row.Phase != RunPhase.Open ? [] :
    [
        .. coordination.Reports(row.Id)
            .Where(report => (uint)report.Job < (uint)plan.Jobs.Count && plan.Jobs[report.Job] is { State: JobState.Running } job && job.Attempt == report.Attempt)
            .Select(report => (Report: report, State: ParticipantState.TryDecode(report.Content)))
            .Where(each => each.State is not null)
            .Select(each => ParticipantStatus.Of(each.Report, each.State!)),
    ];
}
