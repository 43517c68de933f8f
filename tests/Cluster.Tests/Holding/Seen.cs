using Trapline.Cluster.Coordination;
using Trapline.Cluster.Holding;
using Trapline.Cluster.Plans;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Cluster.Tests.Holding;

/// <summary>What a holder sees, built up by tests: members 1, 2, 3, … of which 1 holds, and one job that runs on all of them, split.</summary>
internal static class Seen
{
    public const string Build = "build";

    public static HolderView Of(int members)
    {
        var job = new Job
        {
            Number = 0,
            Variant = "v",
            Seed = 1,
            State = JobState.Running,
            Attempt = 1,
            Epoch = 1,
            Members = [.. Enumerable.Range(1, members).Select(id => (long)id)],
            Endpoints = [.. Enumerable.Range(1, members).Select(Endpoint)],
        };
        return new HolderView
        {
            Run = new RunRow(1, "run", Build, RunPhase.Open, 1, 1, false, 1, ""),
            Plan = new RunPlan([job]),
            Placement = new PlacementOrder(PlacementPolicy.Spread, null),
            Holder = 1,
            Members = [.. Enumerable.Range(1, members).Select(id => Member(id))],
            Participants = [.. Enumerable.Range(1, members).Select(id => Says(id, ParticipantPhase.Running))],
            Delivered = [],
            MayJudgeLeases = true,
        };
    }

    public static Member Member(int id, bool lapsed = false, MemberState state = MemberState.Alive, string build = Build) =>
        new(id, new NodeAnnouncement($"n{id}", Endpoint(id), build, 1), 1, state, lapsed, "");

    /// <param name="member">Who.</param>
    /// <param name="phase">Of it.</param>
    /// <param name="step">That it waits in, or has sent.</param>
    /// <param name="waitsFor">Numbers within the attempt, from 0.</param>
    public static Participant Says(int member, ParticipantPhase phase, long step = 100, params int[] waitsFor) =>
        new(0, member, new ParticipantState { Phase = phase, Step = step, WaitsFor = waitsFor }, TimeSpan.FromSeconds(2));

    public static HolderView With(this HolderView view, Member member) => view with { Members = [.. view.Members.Where(each => each.Id != member.Id).Append(member).OrderBy(each => each.Id)] };

    public static HolderView With(this HolderView view, Participant says) => view with { Participants = [.. view.Participants.Where(each => each.Member != says.Member), says] };

    public static HolderView With(this HolderView view, Job job) => view with { Plan = view.Plan.With(job) };

    /// <summary>What the job is after the change.</summary>
    public static Job Job(this RunChange change) => RunPlan.Decode(change.Plan).Jobs[0];

    private static string Endpoint(int id) => $"http://127.0.0.1:{5000 + id}";
}
