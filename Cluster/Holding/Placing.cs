using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>Which members get a job that waits: whole variants and seeds first; a split run has all its nodes for one job after the other.</summary>
internal static class Placing
{
    /// <summary>Of one run on one member, at least: while one runs the next is there already, so that no node waits for the holder.</summary>
    public const int LeastJobsOfMember = 2;

    /// <summary>At most, of jobs that are over in no time.</summary>
    public const int MostJobsOfMember = 16;

    /// <summary>What a member has lasts so long, as far as the last jobs tell: longer than it takes the holder to see that one is over and to give another.</summary>
    private const long AheadMs = 400;

    /// <summary>So many of the last jobs that are done; the longest of them counts, for jobs that wait at a node cannot be given to another.</summary>
    private const int JobsThatTell = 8;

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

    /// <summary>For a split run the nodes with the least other work; of equal ones those that joined first.</summary>
    public static List<Member> Chosen(HolderView view, PlacementOrder order, IReadOnlyList<Member> usable) =>
        [.. usable.OrderBy(member => view.Busy.GetValueOrDefault(member.Id)).Take(Math.Min(order.Nodes ?? MostNodes, MostNodes)).OrderBy(member => member.Id)];

    private static RunChange? Split(HolderView view, PlacementOrder order, List<Member> usable)
    {
        if (view.Plan.Jobs.Any(job => job.State == JobState.Running))
        {
            return null;
        }

        var chosen = Chosen(view, order, usable);
        var waiting = view.Plan.Jobs.First(job => job.State == JobState.Waiting);
        return HolderDecision.Change(view, $"job {waiting.Number} begins on {Names(chosen)}", view.Plan.With(Begin(waiting, chosen, view.Run.Epoch)));
    }

    private static RunChange? Whole(HolderView view, List<Member> usable)
    {
        var plan = view.Plan;
        var most = JobsOfMember(plan);
        var begun = new List<string>();
        foreach (var waiting in view.Plan.Jobs.Where(job => job.State == JobState.Waiting))
        {
            var jobs = plan.Jobs.Where(job => job.State == JobState.Running).SelectMany(job => job.Members).CountBy(member => member).ToDictionary();
            var least = usable.MinBy(member => (jobs.GetValueOrDefault(member.Id) + view.Busy.GetValueOrDefault(member.Id), member.Id))!;
            if (jobs.GetValueOrDefault(least.Id) >= most)
            {
                break;
            }

            plan = plan.With(Begin(waiting, [least], view.Run.Epoch));
            begun.Add($"job {waiting.Number} on {least.Node.Name}");
        }

        return begun.Count == 0 ? null : HolderDecision.Change(view, $"begin: {string.Join(", ", begun)}", plan);
    }

    private static int JobsOfMember(RunPlan plan)
    {
        var longest = plan.Jobs.Where(job => job.State == JobState.Done).TakeLast(JobsThatTell).Select(job => job.TookMs).DefaultIfEmpty(AheadMs).Max();
        return (int)Math.Clamp((AheadMs / Math.Max(1, longest)) + 1, LeastJobsOfMember, MostJobsOfMember);
    }

    private static string Names(IEnumerable<Member> members) => string.Join(", ", members.Select(member => member.Node.Name));
}
