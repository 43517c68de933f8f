using System.Text.Json;
using Trapline.Cluster.Attempts;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Nodes;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Runs;
using Trapline.Cluster.Runs.Acts;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;

namespace Trapline.Cluster.Clients;

/// <summary>What a person does with a cluster from outside: hand it a run, look at it, ask something of it, take its report. The run is the cluster's: a client that goes changes nothing.</summary>
public sealed class ClusterClient(ICoordination coordination) : IDisposable
{
    private static readonly TimeSpan AnswerStep = TimeSpan.FromMilliseconds(50);

    /// <summary>For people: file or database, without secrets.</summary>
    public string Place => coordination.Place;

    /// <summary>Hands over a run; returns its number.</summary>
    /// <exception cref="CoordinationException">The cluster cannot take it.</exception>
    public long Submit(RunSubmission submission) => coordination.Submit(submission);

    /// <summary>A run with all that its nodes need. What is wrong with it shows here, before a cluster has it.</summary>
    /// <exception cref="RunException">The scenario or the journal is wrong, or one of the files cannot be read once more.</exception>
    public static RunSubmission Prepare(ClusterRunRequest request)
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
            Seeds = request.Seeds.Count > 0 ? request.Seeds : [scenario.Seed],
            Acts = JournalReader.Read(request.Journal, [RunFingerprint.Of(plans, request.Smoke)]),
            UntilPs = request.Overrides.Until?.Picoseconds,
            Faults = [.. request.Overrides.Faults.Select(fault => fault.ToString())],
            Smoke = request.Smoke,
            Invariants = request.Invariants,
            WindowPs = request.Window?.Picoseconds,
            Placement = OrderOf(request),
            CheckpointSeconds = request.CheckpointEvery.TotalSeconds,
        };
        return new RunSubmission(scenario.Name, BuildIdentity.Current, specification.Encode(), RunPlan.Of(specification).Encode());
    }

    /// <summary>Null where there is no such run.</summary>
    public RunPhase? Phase(long run) => coordination.Find(run)?.Phase;

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

        var specification = RunSpecification.Decode(coordination.Specification(run));
        var rest = RunPlan.Decode(row.Plan).Rest(run, job => WrittenActs.Of(coordination, run, specification, job));
        return rest.Jobs.Count > 0
            ? coordination.Submit(new RunSubmission(row.Name, BuildIdentity.Current, coordination.Specification(run), rest.Encode()))
            : throw new RunException(RunFailure.Input, $"run {run} was done: nothing of it is left");
    }

    /// <summary>Has groups placed anew by measured load and traffic.</summary>
    public long Rebalance(long run) => coordination.Request(run, new RunQuestionText(RunQuestionText.Rebalance).Encode());

    /// <summary>Has something done to the simulation, and waits until it is.</summary>
    /// <param name="run">Of which one variant is under way.</param>
    /// <param name="act">As in a journal.</param>
    /// <param name="cancellation">Ends the waiting; what was asked may be done all the same.</param>
    public RequestOutcome Act(long run, string act, CancellationToken cancellation)
    {
        RunningJob(run, $"a '{act}'");
        var answer = AnswerTo(run, coordination.Request(run, new RunQuestionText(act).Encode()), cancellation);
        return new(RunAnswer.IsAct(answer, act), answer);
    }

    /// <summary>Asks for groups to be moved, and waits for nothing.</summary>
    /// <param name="run">Of which one variant is under way.</param>
    /// <param name="groups">Indices in its plan.</param>
    /// <param name="node">Number within the attempt.</param>
    /// <returns>Number of the request.</returns>
    public long AskMove(long run, IReadOnlyList<int> groups, int node) => coordination.Request(run, new RunQuestionText(RunQuestionText.Move, groups, node).Encode());

    /// <summary>Has groups moved to another node of their attempt, and waits until they are there.</summary>
    /// <param name="run">Of which one variant is under way, split over nodes.</param>
    /// <param name="groups">Names and ranges, such as <c>board,vcpu0..vcpu63</c>.</param>
    /// <param name="node">Name of a node.</param>
    /// <param name="cancellation">Ends the waiting; the move may be made all the same.</param>
    /// <exception cref="RunException">There is no such run, group or node, or the run is not one that can be moved.</exception>
    public RequestOutcome Move(long run, string groups, string node, CancellationToken cancellation)
    {
        var job = RunningJob(run, "a move");
        var members = coordination.Members().Where(member => job.Members.Contains(member.Id)).ToDictionary(member => member.Id, member => member.Node.Name);
        List<string> names = [.. job.Members.Select(member => members.GetValueOrDefault(member, ""))];
        var number = names.IndexOf(node);
        if (number < 0)
        {
            throw new RunException(RunFailure.Input, $"{Quoted.Show(node)} has no part in run {run}{Quoted.Suggest(node, names)}; it goes on at {string.Join(", ", names)}");
        }

        var specification = RunSpecification.Decode(coordination.Specification(run));
        var plan = RunInputs.Load(specification.Inputs, job.Variant, specification.OverridesOf(job.Seed)).Build();
        var indices = GroupNames.Parse(groups, [.. plan.Groups.Select(group => group.Name)]);
        var answer = AnswerTo(run, coordination.Request(run, new RunQuestionText(RunQuestionText.Move, indices, number).Encode()), cancellation);
        return new(RunAnswer.IsMove(answer), RunAnswer.Named(answer, number, node));
    }

    /// <summary>Returns when something may have changed, or after a time.</summary>
    public void Wait(TimeSpan atMost, CancellationToken cancellation) => coordination.WaitForChange(atMost, cancellation);

    /// <summary>The report of a run that is over: of the variants whose results are there.</summary>
    /// <exception cref="RunException">It failed, or has no results.</exception>
    public RunReport Report(long run)
    {
        using var together = coordination.Together();
        return ResultsOf(run).Report();
    }

    /// <summary>Of a run of several seeds: what each of them gave.</summary>
    public IReadOnlyList<SeedOutcome> BySeed(long run)
    {
        using var together = coordination.Together();
        return ResultsOf(run).BySeed();
    }

    /// <summary>Writes down what people did to a run, so that <c>run --journal</c> repeats it.</summary>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public void WriteJournal(long run, string path) => ResultsOf(run).WriteJournal(path);

    public void Dispose() => coordination.Dispose();

    /// <summary>Null where whole variants are placed.</summary>
    private static PlacementOrder? OrderOf(ClusterRunRequest request) =>
        request.Placement is { } policy ? new PlacementOrder(policy, request.Nodes)
        : request.Scenario.Placement is { } own ? new PlacementOrder(null, request.Nodes ?? own.NodesOf(own.Groups.Count))
        : null;

    private RunResults ResultsOf(long run) => new(coordination, RowOf(run));

    private RunRow RowOf(long run) => coordination.Find(run) ?? throw new RunException(RunFailure.Input, $"there is no run {run} in {Place}; 'trapline runs list --all' shows those that there are");

    private Job RunningJob(long run, string what)
    {
        var row = RowOf(run);
        if (row.Phase != RunPhase.Open)
        {
            throw new RunException(RunFailure.Input, $"run {run} is over: {what} is for one that goes on");
        }

        List<Job> running = [.. RunPlan.Decode(row.Plan).Jobs.Where(job => job.State == JobState.Running)];
        return running.Count switch
        {
            1 => running[0],
            0 => throw new RunException(RunFailure.Input, $"run {run} waits for nodes: {what} is for one that goes on; ask again when 'trapline cluster status' shows it running"),
            _ => throw new RunException(RunFailure.Input, $"run {run} has {running.Count} variants under way, and {what} is for one: submit it with --only VARIANT, or with --placement, which runs one after the other"),
        };
    }

    private string AnswerTo(long run, long request, CancellationToken cancellation)
    {
        while (true)
        {
            if (coordination.Requests(run).FirstOrDefault(question => question.Id == request)?.Answer is { } answer)
            {
                return answer;
            }

            if (RowOf(run).Phase != RunPhase.Open)
            {
                return "the run ended before it was done";
            }

            cancellation.ThrowIfCancellationRequested();
            Wait(AnswerStep, cancellation);
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
            .Select(each => ParticipantStatus.Of(each.Report, each.State!, plan.Jobs[each.Report.Job].Members)),
    ];
}
