using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>What a holder does next: a pure function of what it sees. One commit at a time; what is left comes with the next look.</summary>
internal static class HolderDecision
{
    /// <summary>Checkpoints of a job that are kept: the newest might turn out to be damaged.</summary>
    public const int KeptCheckpoints = 2;

    /// <summary>Null where there is nothing to do.</summary>
    public static RunChange? Of(HolderView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        return Older(view) ?? Stop(view) ?? Draining.Begin(view) ?? Checkpoints(view) ?? Results(view) ?? Draining.GoOn(view) ?? Losses(view) ?? Placing.Of(view) ?? End(view);
    }

    /// <summary>The change to a plan, with the attempts that differ from those before.</summary>
    public static RunChange Change(HolderView view, string what, RunPlan plan, IReadOnlyList<long>? evicted = null) => new(what, plan.Encode())
    {
        Evicted = evicted ?? [],
        Attempts = [.. plan.Jobs.Where(job => job.Attempt != view.Plan.Jobs[job.Number].Attempt).Select(job => (job.Number, job.Attempt))],
    };

    /// <summary>Ends a run that must not go on, since its database is older than what was done with it.</summary>
    public static RunChange End(RunPlan plan, string problem)
    {
        var jobs = plan.Jobs.Select(job => job.IsOver ? job : job with { State = JobState.Failed, Problem = problem });
        return new("the database is older than what was done with it", (plan with { Jobs = [.. jobs] }).Encode()) { Phase = RunPhase.Failed };
    }

    private static RunChange? Older(HolderView view) => view.Older is { } problem ? End(view.Plan, problem) : null;

    private static RunChange? Stop(HolderView view)
    {
        if (!view.StopAsked || view.Plan.IsStopping)
        {
            return null;
        }

        var jobs = view.Plan.Jobs.Select(job => job.State == JobState.Waiting ? job with { State = JobState.Failed, Problem = "stopped before it began" } : job);
        return Change(view, "a person stops the run", view.Plan with { IsStopping = true, Jobs = [.. jobs] });
    }

    private static RunChange? Checkpoints(HolderView view)
    {
        if (view.NewCuts.Count == 0)
        {
            return null;
        }

        var plan = view.Plan;
        foreach (var (number, cut) in view.NewCuts)
        {
            var job = plan.Jobs[number];
            plan = plan.With(job with { Checkpoints = [.. job.Checkpoints.Append(cut).TakeLast(KeptCheckpoints)] });
        }

        var named = string.Join(", ", view.NewCuts.Select(each => $"{each.Cut.Id} of job {each.Job} at {each.Cut.AtPs} ps"));
        return Change(view, $"checkpoint {named}", plan);
    }

    private static RunChange? Results(HolderView view)
    {
        var done = view.Plan.Jobs.Where(job => job.State == JobState.Running && view.Delivered.Contains(job.Number)).ToList();
        if (done.Count > 0)
        {
            var plan = done.Aggregate(view.Plan, (plan, job) => plan.With(job with { State = JobState.Done, Problem = "", TookMs = TookMs(view, job) }));
            return Change(view, $"results of {Numbers(done)}", plan);
        }

        var failed = view.Participants.FirstOrDefault(participant => participant.State.Phase == ParticipantPhase.Failed && view.Plan.Jobs[participant.Job].State == JobState.Running);
        return failed is null
            ? null
            : Change(view, $"job {failed.Job} failed", view.Plan.With(view.Plan.Jobs[failed.Job] with { State = JobState.Failed, Problem = failed.State.Problem }));
    }

    private static long TookMs(HolderView view, Job job) => view.Participants.Where(participant => participant.Job == job.Number).Select(participant => participant.State.ElapsedMs).DefaultIfEmpty(0).Max();

    private static RunChange? Losses(HolderView view) =>
        view.Plan.Jobs.Where(job => job.State == JobState.Running).Select(job => Loss.Of(view, job)).FirstOrDefault(change => change is not null);

    private static RunChange? End(HolderView view)
    {
        if (view.Plan.Jobs.FirstOrDefault(job => job.State == JobState.Failed) is { } failed && !view.Plan.IsStopping)
        {
            return Change(view, $"job {failed.Number} cannot be carried out", view.Plan) with { Phase = RunPhase.Failed };
        }

        if (view.Plan.Jobs.All(job => job.IsOver))
        {
            return Change(view, "all is done", view.Plan) with { Phase = view.Plan.IsStopping ? RunPhase.Stopped : RunPhase.Done };
        }

        return view.Plan.IsDraining && view.Plan.Jobs.All(job => job.State != JobState.Running)
            ? Change(view, "drained", view.Plan) with { Phase = RunPhase.Stopped }
            : null;
    }

    private static string Numbers(List<Job> jobs) => $"job {string.Join(", ", jobs.Select(job => job.Number))}";
}
