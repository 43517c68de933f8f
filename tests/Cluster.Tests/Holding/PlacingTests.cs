using Trapline.Cluster.Coordination;
using Trapline.Cluster.Holding;
using Trapline.Cluster.Plans;
using Trapline.Machines.Scenarios.Placements;
using Xunit;

namespace Trapline.Cluster.Tests.Holding;

/// <summary>Who gets what, and the order of what a holder does.</summary>
public sealed class PlacingTests
{
    [Fact]
    public void Whole_variants_are_spread_over_nodes_and_each_has_the_next_one_ready()
    {
        var change = HolderDecision.Of(Waiting(7, null))!;
        var jobs = RunPlan.Decode(change.Plan).Jobs;
        Assert.Equal([1, 2, 3, 1, 2, 3], jobs.Take(6).Select(job => Assert.Single(job.Members)));
        Assert.Equal(JobState.Waiting, jobs[6].State);
    }

    [Fact]
    public void A_split_run_has_all_its_nodes_for_one_job_after_the_other()
    {
        var view = Waiting(2, new PlacementOrder(PlacementPolicy.Spread, null));
        var change = HolderDecision.Of(view)!;
        var plan = RunPlan.Decode(change.Plan);
        Assert.Equal([1, 2, 3], plan.Jobs[0].Members);
        Assert.Equal(JobState.Waiting, plan.Jobs[1].State);
        Assert.Null(HolderDecision.Of(view with { Plan = plan }));
    }

    [Fact]
    public void It_has_no_more_nodes_than_asked_for_and_those_with_the_least_other_work()
    {
        var view = Waiting(1, new PlacementOrder(PlacementPolicy.Spread, 2)) with { Busy = new Dictionary<long, int> { [1] = 1 } };
        Assert.Equal([2, 3], HolderDecision.Of(view)!.Job().Members);
    }

    [Fact]
    public void A_node_of_another_build_gets_nothing()
    {
        var view = Waiting(3, null).With(Seen.Member(2, build: "another")).With(Seen.Member(3, build: "another"));
        Assert.All(RunPlan.Decode(HolderDecision.Of(view)!.Plan).Jobs.Where(job => job.State == JobState.Running), job => Assert.Equal([1], job.Members));
        Assert.Null(HolderDecision.Of(view.With(Seen.Member(1, build: "another"))));
    }

    [Fact]
    public void A_result_that_is_there_counts_before_any_loss()
    {
        var view = Seen.Of(3).With(Seen.Member(2, lapsed: true)) with { Delivered = [0] };
        var change = HolderDecision.Of(view)!;
        Assert.Equal((JobState.Done, 0), (change.Job().State, change.Evicted.Count));
        Assert.Equal(RunPhase.Done, HolderDecision.Of(view with { Plan = RunPlan.Decode(change.Plan), Delivered = [], Participants = [] })!.Phase);
    }

    [Fact]
    public void Of_many_checkpoints_the_newest_are_kept()
    {
        var cuts = Enumerable.Range(1, 4).Select(number => (0, new SavedCut($"c{number}", number, 1, number))).ToList();
        var job = HolderDecision.Of(Seen.Of(2) with { NewCuts = cuts })!.Job();
        Assert.Equal(["c3", "c4"], job.Checkpoints.Select(cut => cut.Id));
    }

    [Fact]
    public void A_run_that_is_to_stop_begins_nothing_more()
    {
        var change = HolderDecision.Of(Waiting(2, null) with { StopAsked = true })!;
        var plan = RunPlan.Decode(change.Plan);
        Assert.True(plan.IsStopping);
        Assert.All(plan.Jobs, job => Assert.Equal(JobState.Failed, job.State));
        Assert.Equal(RunPhase.Stopped, HolderDecision.Of(Waiting(2, null) with { Plan = plan })!.Phase);
    }

    [Fact]
    public void Jobs_that_are_over_in_no_time_are_given_out_many_at_a_time()
    {
        Assert.Equal([2, 2, 2], Given(tookMs: 60_000));
        Assert.Equal([4, 4, 4], Given(tookMs: 100));
        Assert.Equal([16, 16, 16], Given(tookMs: 0, jobs: 400));
        // Half of what is left stays with the holder: what waits at a node cannot be given to another.
        Assert.Equal([8, 8, 8], Given(tookMs: 0));
        Assert.Equal([2, 2, 2], Given(tookMs: 1, last: 5_000));

        static IEnumerable<int> Given(long tookMs, long? last = null, int jobs = 80)
        {
            var view = Waiting(jobs, null);
            var done = view.Plan.Jobs.Select(job => job.Number >= 8 ? job : job with { State = JobState.Done, TookMs = job.Number == 7 ? last ?? tookMs : tookMs });
            return RunPlan.Decode(HolderDecision.Of(view with { Plan = new RunPlan([.. done]) })!.Plan).Jobs
                .Where(job => job.State == JobState.Running).GroupBy(job => job.Members[0]).OrderBy(jobs => jobs.Key).Select(jobs => jobs.Count());
        }
    }

    [Fact]
    public void What_a_variant_took_with_another_seed_is_what_it_will_take()
    {
        var view = Waiting(80, null);
        // The first of each four is long; so will it be with the other seeds.
        var known = view.Plan.Jobs.Select(job => job with
        {
            Variant = $"v{job.Number % 4}",
            Seed = (ulong)(job.Number / 4),
            State = job.Number < 4 ? JobState.Done : JobState.Waiting,
            TookMs = job.Number == 0 ? 1_000 : job.Number < 4 ? 50 : 0,
        });
        var given = RunPlan.Decode(HolderDecision.Of(view with { Plan = new RunPlan([.. known]) })!.Plan).Jobs.Where(job => job.State == JobState.Running);
        // Each goes to who has least: the second has all the short ones until another long one is its. Then only the first has not a second job.
        Assert.Equal([(4, 1L), (5, 2L), (6, 3L), (7, 2L), (8, 3L), (9, 2L), (10, 2L), (11, 2L), (12, 2L), (13, 1L)], given.Select(job => (job.Number, job.Members[0])));
    }

    [Fact]
    public void A_run_whose_database_is_older_than_what_was_done_with_it_ends()
    {
        var change = HolderDecision.Of(Seen.Of(2) with { Older = "node n1 has seen more", Delivered = [0] })!;
        Assert.Equal((RunPhase.Failed, JobState.Failed, "node n1 has seen more"), (change.Phase, change.Job().State, change.Job().Problem));
    }

    private static HolderView Waiting(int jobs, PlacementOrder? placement) => Seen.Of(3) with
    {
        Plan = new RunPlan([.. Enumerable.Range(0, jobs).Select(number => new Job { Number = number, Variant = $"v{number}", Seed = 1 })]),
        Placement = placement,
        Participants = [],
    };
}
