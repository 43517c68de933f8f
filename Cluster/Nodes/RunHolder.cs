using System.Diagnostics;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Holding;
using Trapline.Cluster.Plans;
using Trapline.Cluster.Telemetry;

namespace Trapline.Cluster.Nodes;

/// <summary>Holds a run while this node has its lease: reads what participants say, decides, commits. What it holds in memory can be lost at any time.</summary>
internal sealed class RunHolder(NodeContext context, long run, RunSpecification specification, SpecifiedVariants variants)
{
    private readonly CheckpointMaker _checkpoints = new(context, run, specification, variants);
    private long _renewed;

    /// <exception cref="CoordinationException">The database is away: nothing was decided.</exception>
    public void Look(RunRow row, RunPlan plan, long self, IReadOnlyList<Member> members, IReadOnlyDictionary<long, int> busy, bool mayJudgeLeases)
    {
        if (row.Holder != self && !TryTake(ref row, ref plan, self))
        {
            return;
        }

        var authority = new RunAuthority(run, row.Epoch, self);
        if (!Renew(authority))
        {
            return;
        }

        var participants = Participants(plan);
        var finished = participants.Where(participant => participant.State.Phase == ParticipantPhase.Finished && plan.Jobs[participant.Job].State == JobState.Running).Select(participant => participant.Job).ToHashSet();
        var questions = context.Coordination.Requests(run).Where(question => question.Answer is null).ToList();
        var stops = questions.Where(question => RunQuestionText.Is(RunQuestionText.Stop, question)).ToList();
        var drains = questions.Where(question => RunQuestionText.Is(RunQuestionText.Drain, question)).ToList();
        var view = new HolderView
        {
            Run = row,
            Plan = plan,
            Placement = specification.Placement,
            Holder = self,
            Members = members,
            Participants = participants,
            Delivered = finished.Count > 0 ? [.. Delivered(plan).Where(finished.Contains)] : [],
            NewCuts = _checkpoints.Make(plan),
            Older = RunQuestionText.WhyOlder(questions),
            StopAsked = stops.Count > 0,
            DrainAsked = drains.Count > 0,
            MayJudgeLeases = mayJudgeLeases,
            Busy = busy,
        };
        Commit(authority, view);
        stops.ForEach(question => context.Coordination.Answer(question.Id, "the run stops at its next window"));
        drains.ForEach(question => context.Coordination.Answer(question.Id, "the run is cut once more and then given up"));
    }

    /// <summary>Takes a run that nobody holds for nothing but to end it.</summary>
    public static void End(NodeContext context, long run, long self, string problem)
    {
        if (context.Coordination.TryTake(run, self, context.Settings.Lease) is { } taken)
        {
            var change = HolderDecision.End(RunPlan.Decode(taken.Plan), problem);
            context.Coordination.TryCommit(new RunAuthority(run, taken.Epoch, self), taken.Revision, change);
            context.Log($"run {run}: {change.What}: it is ended");
        }
    }

    private bool TryTake(ref RunRow row, ref RunPlan plan, long self)
    {
        if ((row.Holder is not null && !row.HolderLapsed) || context.Coordination.TryTake(run, self, context.Settings.Lease) is not { } taken)
        {
            return false;
        }

        context.Made(taken);
        context.Log($"run {run}: this node holds it, epoch {taken.Epoch}");
        (row, plan) = (taken, RunPlan.Decode(taken.Plan));
        _renewed = Stopwatch.GetTimestamp();
        return true;
    }

    private bool Renew(RunAuthority authority)
    {
        if (_renewed != 0 && Stopwatch.GetElapsedTime(_renewed) < context.Settings.Lease / 4)
        {
            return true;
        }

        _renewed = Stopwatch.GetTimestamp();
        return context.Coordination.RenewLease(authority, context.Settings.Lease);
    }

    private List<Participant> Participants(RunPlan plan) =>
    [
        .. context.Coordination.Reports(run)
            .Where(report => (uint)report.Job < (uint)plan.Jobs.Count && plan.Jobs[report.Job].Attempt == report.Attempt)
            .Select(report => (Report: report, State: ParticipantState.TryDecode(report.Content)))
            .Where(each => each.State is not null)
            .Select(each => new Participant(each.Report.Job, each.Report.Member, each.State!, each.Report.Age)),
    ];

    private IEnumerable<int> Delivered(RunPlan plan) => context.Coordination.PayloadKeys(run, PayloadKinds.Result)
        .Where(key => (uint)key.Job < (uint)plan.Jobs.Count && plan.Jobs[key.Job].Attempt == key.Attempt).Select(key => key.Job).Distinct();

    /// <summary>One decision after the other, each on what the one before has left, until there is nothing to decide.</summary>
    private void Commit(RunAuthority authority, HolderView view)
    {
        while (HolderDecision.Of(view) is { } change)
        {
            change = WithActs(view, change);
            if (context.Coordination.TryCommit(authority, view.Run.Revision, change) is not { } row)
            {
                context.Log($"run {run}: '{change.What}' was not committed: the run has another holder by now");
                return;
            }

            context.Made(row);
            context.Log($"run {run}: {change.What}");
            ClusterTelemetry.Checkpoints.Add(view.NewCuts.Count);
            ClusterTelemetry.Evictions.Add(change.Evicted.Count);
            authority = authority with { Epoch = row.Epoch };
            view = view with { Run = row, Plan = RunPlan.Decode(row.Plan), NewCuts = [] };
            if (change.Evicted.Count > 0)
            {
                view = view with { Members = context.Coordination.Members() };
            }

            // What was said of attempts that are over is no reason for anything more.
            view = view with { Participants = [.. view.Participants.Where(participant => change.Attempts.All(attempt => attempt.Job != participant.Job))] };
            _checkpoints.Tidy(view.Plan);
            if (row.Phase != RunPhase.Open)
            {
                return;
            }

            if (change.Attempts.Any(attempt => view.Plan.Jobs[attempt.Job].Members.Contains(view.Holder)))
            {
                // This node begins it at its next look, and nobody else will tell it to look.
                context.Nudge();
            }
        }
    }

    /// <summary>An attempt that begins anew does again what people did to the ones before.</summary>
    private RunChange WithActs(HolderView view, RunChange change)
    {
        if (change.Attempts.All(attempt => attempt.Attempt == 1))
        {
            return change;
        }

        var plan = RunPlan.Decode(change.Plan);
        foreach (var (number, _) in change.Attempts)
        {
            plan = plan.With(plan.Jobs[number] with { Acts = WrittenActs.Of(context.Coordination, run, specification, plan.Jobs[number]) });
        }

        return change with { Plan = plan.Encode() };
    }
}
