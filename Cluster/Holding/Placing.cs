using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>Which members get a job that waits: whole variants and seeds first; a split run has all its nodes for one job after the other.</summary>
internal static class Placing
{
    /// <summary>Of one run on one member: while one runs the next is there already, so that no node waits for the holder.</summary>
    public const int JobsOfMember = 2;

    /// <summary>Of one split run; beyond it the exchange of all with all costs more than it brings.</summary>
    public const int MostNodes = 32;

    public static RunChange? Of(HolderView view)
    {
        var usable = view.Members.Where(view.IsUsable).OrderBy(member => member.Id).ToList();
        if (usable.Count == 0 || view.Plan.IsStopping || view.Plan.IsDraining || !view.Plan.Jobs.Any(job => job.State == JobState.Waiting))
        {
            return null;
        }

        return view.Placement is { } order ? Split(view, order, usable) : Whole(view, usable);
    }

    /// <summary>The job's next attempt, on these members in this order.</summary>
    public static Job Begin(Job job, IReadOnlyList<Member> members, long epoch) => job with
    {
        State = JobState.Running,
        Attempt = job.Attempt + 1,
        Members = [.. members.Select(member => member.Id)],
        Endpoints = [.. members.Select(member => member.Node.Endpoint)],
        Epoch = epoch,
        From = job.Checkpoints.Count > 0 ? job.Checkpoints[^1] : null,
    };

    private static RunChange? Split(HolderView view, PlacementOrder order, List<Member> usable)
    {
        if (view.Plan.Jobs.Any(job => job.State == JobState.Running))
        {
            return null;
        }

        // The nodes with the least other work; of equal ones those that joined first.
        var chosen = usable.OrderBy(member => view.Busy.GetValueOrDefault(member.Id)).Take(Math.Min(order.Nodes ?? MostNodes, MostNodes)).OrderBy(member => member.Id).ToList();
        var waiting = view.Plan.Jobs.First(job => job.State == JobState.Waiting);
        return HolderDecision.Change(view, $"job {waiting.Number} begins on {Names(chosen)}", view.Plan.With(Begin(waiting, chosen, view.Run.Epoch)));
    }

    private static RunChange? Whole(HolderView view, List<Member> usable)
    {
        var plan = view.Plan;
        var begun = new List<string>();
        foreach (var waiting in view.Plan.Jobs.Where(job => job.State == JobState.Waiting))
        {
            var jobs = plan.Jobs.Where(job => job.State == JobState.Running).SelectMany(job => job.Members).CountBy(member => member).ToDictionary();
            var least = usable.MinBy(member => (jobs.GetValueOrDefault(member.Id) + view.Busy.GetValueOrDefault(member.Id), member.Id))!;
            if (jobs.GetValueOrDefault(least.Id) >= JobsOfMember)
            {
                break;
            }

            plan = plan.With(Begin(waiting, [least], view.Run.Epoch));
            begun.Add($"job {waiting.Number} on {least.Node.Name}");
        }

        return begun.Count == 0 ? null : HolderDecision.Change(view, $"begin: {string.Join(", ", begun)}", plan);
    }

    private static string Names(IEnumerable<Member> members) => string.Join(", ", members.Select(member => member.Node.Name));
}
