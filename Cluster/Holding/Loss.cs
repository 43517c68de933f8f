using Trapline.Cluster.Coordination;
using Trapline.Cluster.Plans;

namespace Trapline.Cluster.Holding;

/// <summary>What becomes of a job whose attempt cannot go on: who is evicted, and where the next attempt is made.</summary>
internal static class Loss
{
    /// <summary>How long others may take to say what they lost once one has: the fewest are evicted when all is known.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Attempts in a row that come to nothing with nobody to blame, and no checkpoint further on.</summary>
    public const int MostFruitless = 5;

    /// <summary>Null where the attempt goes on.</summary>
    public static RunChange? Of(HolderView view, Job job)
    {
        var said = view.Participants.Where(participant => participant.Job == job.Number).ToDictionary(participant => participant.Member);
        var gone = job.Members.Where(member => IsGone(view, member)).ToHashSet();
        var ended = said.Values.Where(participant => participant.State.Phase is ParticipantPhase.Broken or ParticipantPhase.Unable).ToList();
        var suspicions = Suspicions(job, said, gone);
        if (gone.Count == 0 && ended.Count == 0 && suspicions.Count == 0)
        {
            return null;
        }

        var silent = job.Members.Any(member => !gone.Contains(member) && !(said.TryGetValue(member, out var one) && one.State.Phase is ParticipantPhase.Broken or ParticipantPhase.Unable));
        if (ended.Count > 0 && silent && ended.Max(participant => participant.Age) < Grace)
        {
            return null;
        }

        foreach (var member in FewestEvictions.Of(suspicions, view.Holder))
        {
            gone.Add(member);
        }

        return NextAttempt(view, job, gone, ended);
    }

    /// <summary>The holder sees that it lives, whatever its lease says: it was late with the heartbeat.</summary>
    private static bool IsGone(HolderView view, long id)
    {
        var member = view.Members.FirstOrDefault(member => member.Id == id);
        return member is null || member.State != MemberState.Alive || (member.Lapsed && view.MayJudgeLeases && id != view.Holder);
    }

    /// <summary>
    /// Pairs that do not hear each other. Who waits at a later step does so because somebody waits at an earlier one: only
    /// the earliest count. And who has not sent that step yet is at work, not cut off.
    /// </summary>
    private static List<(long Waiting, long Missing)> Suspicions(Job job, Dictionary<long, Participant> said, HashSet<long> gone)
    {
        var waits = said.Values
            .Where(participant => !gone.Contains(participant.Member))
            .SelectMany(participant => participant.State.WaitsFor, (participant, peer) => (Participant: participant, Peer: peer))
            .Where(wait => (uint)wait.Peer < (uint)job.Members.Count)
            .Select(wait => (Waiting: wait.Participant, Missing: job.Members[wait.Peer]))
            .Where(wait => !gone.Contains(wait.Missing) && (wait.Waiting.State.Phase == ParticipantPhase.Broken || HasSent(said, wait.Missing, wait.Waiting.State.Step)))
            .ToList();
        return waits.Count == 0
            ? []
            : [.. waits.Where(wait => wait.Waiting.State.Step == waits.Min(each => each.Waiting.State.Step)).Select(wait => (wait.Waiting.Member, wait.Missing)).Distinct().Order()];
    }

    private static bool HasSent(Dictionary<long, Participant> said, long member, long step) => said.TryGetValue(member, out var other) && other.State.Step >= step;

    private static RunChange NextAttempt(HolderView view, Job job, HashSet<long> gone, List<Participant> ended)
    {
        // A holder that most do not hear takes no part any more, and goes on holding: what it does so needs the database alone.
        var evicted = view.Members.Where(member => gone.Contains(member.Id) && member.Id != view.Holder && member.State == MemberState.Alive).Select(member => member.Id).Order().ToList();
        var left = view.Members.Where(member => !gone.Contains(member.Id) && view.IsUsable(member)).OrderBy(member => member.Id).ToList();
        // A split run takes in whoever has joined meanwhile, a node that was killed and started again above all; a whole one stays where it is.
        left = view.Placement is { } order ? Placing.Chosen(view, order, left) : [.. left.Where(member => job.Members.Contains(member.Id))];
        if (ended.Any(participant => participant.State.BadCheckpoint))
        {
            // The one before it, or the beginning, comes to the same results.
            job = job with { Checkpoints = [.. job.Checkpoints.Where(cut => cut.Id != job.From?.Id)] };
        }

        var newest = job.Checkpoints.Count > 0 ? job.Checkpoints[^1] : null;
        var problem = ended.FirstOrDefault(participant => participant.State.Problem.Length > 0)?.State.Problem ?? "";
        var fruitless = gone.Count > 0 || newest != job.From ? 0 : job.Fruitless + 1;
        var next = job with { Fruitless = fruitless, Problem = problem, State = JobState.Waiting };
        if (fruitless > MostFruitless)
        {
            next = next with { State = JobState.Failed };
        }
        else if (left.Count > 0)
        {
            next = Placing.Begin(next, left, view.Run.Epoch + (evicted.Count > 0 ? 1 : 0));
        }

        var who = gone.Count == 0 ? "nobody" : string.Join(", ", job.Members.Where(gone.Contains).Select(id => id == view.Holder ? $"{NameOf(view, id)}, which goes on holding" : $"{NameOf(view, id)} (member {id})"));
        return HolderDecision.Change(view, $"job {job.Number}, attempt {job.Attempt} ended; lost: {who}", view.Plan.With(next), evicted);
    }

    private static string NameOf(HolderView view, long id) => view.Members.FirstOrDefault(member => member.Id == id)?.Node.Name ?? "unknown";
}
