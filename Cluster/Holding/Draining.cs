using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>How a run leaves its nodes without losing anything: one more checkpoint of each job, then nothing of it runs any more.</summary>
internal static class Draining
{
    public static RunChange? Begin(HolderView view)
    {
        if (!view.DrainAsked || view.Plan.IsDraining)
        {
            return null;
        }

        var jobs = view.Plan.Jobs.Select(job => job with { DrainAfter = job.Checkpoints.Count > 0 ? job.Checkpoints[^1].Id : "" });
        return HolderDecision.Change(view, "a person drains the run", view.Plan with { IsDraining = true, Jobs = [.. jobs] });
    }

    public static RunChange? GoOn(HolderView view)
    {
        if (!view.Plan.IsDraining || view.Plan.Jobs.FirstOrDefault(IsCut) is not { } cut)
        {
            return null;
        }

        // A new number: what the attempt still says is nobody's.
        var given = cut with { State = JobState.Waiting, Attempt = cut.Attempt + 1, Members = [], Endpoints = [] };
        return HolderDecision.Change(view, $"job {cut.Number} is drained at {cut.Checkpoints[^1].AtPs} ps", view.Plan.With(given));
    }

    private static bool IsCut(Job job) => job.State == JobState.Running && job.Checkpoints.Count > 0 && job.Checkpoints[^1].Id != job.DrainAfter;
}
