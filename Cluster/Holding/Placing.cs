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

    /// <summary>What a member has lasts so long, as far as others tell: longer than it takes the holder to see that one is over and to give another.</summary>
    private const long AheadMs = 400;

    /// <summary>Of its share of the jobs that nobody has, a member gets one in so many beforehand: what waits at a node cannot be given to another.</summary>
    private const int ShareKept = 2;

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
        var times = new ExpectedTimes(plan, unknown: AheadMs);
        var queues = usable.ToDictionary(member => member.Id, member => (Jobs: 0, Ms: view.Busy.GetValueOrDefault(member.Id) * times.Usual));
        foreach (var running in plan.Jobs.Where(job => job.State == JobState.Running && queues.ContainsKey(job.Members[0])))
        {
            Queue(running, running.Members[0]);
        }

        var waiting = plan.Jobs.Where(job => job.State == JobState.Waiting).ToList();
        var begun = new List<string>();
        foreach (var next in waiting)
        {
            var least = usable.MinBy(member => (queues[member.Id].Ms, queues[member.Id].Jobs, member.Id))!;
            if (HasEnough(queues[least.Id], (waiting.Count - begun.Count) / (ShareKept * usable.Count)))
            {
                break;
            }

            plan = plan.With(Begin(next, [least], view.Run.Epoch));
            Queue(next, least.Id);
            begun.Add($"job {next.Number} on {least.Node.Name}");
        }

        return begun.Count == 0 ? null : HolderDecision.Change(view, $"begin: {string.Join(", ", begun)}", plan);

        void Queue(Job job, long member) => queues[member] = (queues[member].Jobs + 1, queues[member].Ms + times.Of(job));
    }

    private static bool HasEnough((int Jobs, long Ms) queue, int share) =>
        queue.Jobs >= MostJobsOfMember || (queue.Jobs >= LeastJobsOfMember && (queue.Ms >= AheadMs || queue.Jobs >= share));

    private static string Names(IEnumerable<Member> members) => string.Join(", ", members.Select(member => member.Node.Name));
}
