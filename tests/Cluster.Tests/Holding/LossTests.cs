using Trapline.Cluster.Coordination;
using Trapline.Cluster.Holding;
using Trapline.Cluster.Plans;
using Xunit;

namespace Trapline.Cluster.Tests.Holding;

/// <summary>Who is evicted, and why; and who is not.</summary>
public sealed class LossTests
{
    [Fact]
    public void Where_all_is_well_nothing_is_decided() => Assert.Null(HolderDecision.Of(Seen.Of(4)));

    [Fact]
    public void Whose_lease_has_lapsed_is_evicted_and_the_epoch_rises_with_the_next_attempt()
    {
        var change = HolderDecision.Of(Seen.Of(4).With(Seen.Member(3, lapsed: true)))!;
        Assert.Equal([3], change.Evicted);
        Assert.Equal([(0, 2)], change.Attempts);
        Assert.Equal([1, 2, 4], change.Job().Members);
        Assert.Equal((JobState.Running, 2, 2L, 0), (change.Job().State, change.Job().Attempt, change.Job().Epoch, change.Job().Fruitless));
    }

    /// <summary>After the database was away the leases of all have lapsed, for nobody could renew them.</summary>
    [Fact]
    public void Nobody_is_evicted_by_its_lease_right_after_the_database_was_away()
    {
        var view = Seen.Of(4) with { MayJudgeLeases = false };
        foreach (var member in Enumerable.Range(1, 4))
        {
            view = view.With(Seen.Member(member, lapsed: true));
        }

        Assert.Null(HolderDecision.Of(view));
    }

    [Fact]
    public void A_holder_that_was_late_with_its_own_heartbeat_does_not_evict_itself() =>
        Assert.Null(HolderDecision.Of(Seen.Of(3).With(Seen.Member(1, lapsed: true))));

    [Fact]
    public void Of_two_that_do_not_hear_each_other_one_goes_and_not_the_holder()
    {
        var view = Seen.Of(3).With(Seen.Says(2, ParticipantPhase.Running, 100, 2)).With(Seen.Says(3, ParticipantPhase.Running, 100, 1));
        Assert.Equal([3], HolderDecision.Of(view)!.Evicted);
        view = Seen.Of(3).With(Seen.Says(1, ParticipantPhase.Running, 100, 2)).With(Seen.Says(3, ParticipantPhase.Running, 100, 0));
        Assert.Equal([3], HolderDecision.Of(view)!.Evicted);
    }

    [Fact]
    public void One_way_is_enough()
    {
        var change = HolderDecision.Of(Seen.Of(3).With(Seen.Says(2, ParticipantPhase.Running, 100, 2)))!;
        Assert.Single(change.Evicted);
        Assert.Equal(2, change.Job().Members.Count);
    }

    [Fact]
    public void A_holder_that_two_others_do_not_hear_takes_no_part_any_more_and_goes_on_holding()
    {
        var view = Seen.Of(3).With(Seen.Says(2, ParticipantPhase.Running, 100, 0)).With(Seen.Says(3, ParticipantPhase.Running, 100, 0));
        var change = HolderDecision.Of(view)!;
        Assert.Empty(change.Evicted);
        Assert.Equal([2, 3], change.Job().Members);
    }

    /// <summary>Who has not sent the step that is waited for is at work, not cut off.</summary>
    [Fact]
    public void Who_computes_a_long_window_is_not_evicted()
    {
        var view = Seen.Of(3)
            .With(Seen.Says(1, ParticipantPhase.Running, 100, 2)).With(Seen.Says(2, ParticipantPhase.Running, 100, 2)).With(Seen.Says(3, ParticipantPhase.Running, 99));
        Assert.Null(HolderDecision.Of(view));
    }

    /// <summary>2 does not hear 3 and gave up; 1 and 4 lost 2 by that, and say so of a later step: 2 is not the one to go for it.</summary>
    [Fact]
    public void Who_is_lost_because_he_waited_is_not_accused_by_those_who_came_later()
    {
        var view = Seen.Of(4)
            .With(Seen.Says(2, ParticipantPhase.Broken, 100, 2)).With(Seen.Says(1, ParticipantPhase.Broken, 101, 1)).With(Seen.Says(4, ParticipantPhase.Broken, 101, 1))
            .With(Seen.Says(3, ParticipantPhase.Broken, 100));
        Assert.Equal([3], HolderDecision.Of(view)!.Evicted);
    }

    /// <summary>1 does not hear 2, so 1 sends nothing more; 3 and 4 wait for 1 a step later: they wait because 1 does.</summary>
    [Fact]
    public void Only_the_earliest_wait_accuses()
    {
        var view = Seen.Of(4)
            .With(Seen.Says(2, ParticipantPhase.Running, 100, 2))
            .With(Seen.Says(3, ParticipantPhase.Running, 101, 1))
            .With(Seen.Says(4, ParticipantPhase.Running, 101, 1))
            .With(Seen.Says(1, ParticipantPhase.Running, 101, 1));
        // 2 waits in step 100 for 3, which has sent it. Were the later waits counted, 2 alone would cover all pairs and go in 3's place.
        Assert.Equal([3], HolderDecision.Of(view)!.Evicted);
    }

    [Fact]
    public void Others_may_say_whom_they_lost_before_anybody_is_chosen()
    {
        var early = new Participant(0, 2, new ParticipantState { Phase = ParticipantPhase.Broken, Step = 100, WaitsFor = [2] }, TimeSpan.FromMilliseconds(100));
        Assert.Null(HolderDecision.Of(Seen.Of(4).With(early)));
        Assert.Single(HolderDecision.Of(Seen.Of(4).With(early with { Age = Loss.Grace }))!.Evicted);
    }

    [Fact]
    public void A_job_comes_to_an_end_once_its_attempts_come_to_nothing_again_and_again()
    {
        var view = Seen.Of(2).With(Seen.Says(2, ParticipantPhase.Unable)).With(Seen.Says(1, ParticipantPhase.Broken));
        for (var attempt = 2; attempt <= Loss.MostFruitless + 1; attempt++)
        {
            var change = HolderDecision.Of(view)!;
            Assert.Empty(change.Evicted);
            Assert.Equal((JobState.Running, attempt), (change.Job().State, change.Job().Attempt));
            view = view.With(change.Job());
        }

        var last = HolderDecision.Of(view)!;
        Assert.Equal(JobState.Failed, last.Job().State);
        Assert.Equal(RunPhase.Failed, HolderDecision.Of(view.With(last.Job()) with { Participants = [] })!.Phase);
    }

    [Fact]
    public void An_attempt_that_got_further_is_none_that_came_to_nothing()
    {
        var view = Seen.Of(2).With(Seen.Says(2, ParticipantPhase.Unable)).With(Seen.Says(1, ParticipantPhase.Broken));
        view = view.With(view.Plan.Jobs[0] with { Fruitless = Loss.MostFruitless, Checkpoints = [new SavedCut("one", 5, 1, 1)] });
        var job = HolderDecision.Of(view)!.Job();
        Assert.Equal((JobState.Running, 0, "one"), (job.State, job.Fruitless, job.From!.Id));
    }

    [Fact]
    public void A_damaged_checkpoint_is_not_begun_at_again()
    {
        var view = Seen.Of(2).With(Seen.Says(1, ParticipantPhase.Broken)) with { };
        var (older, newer) = (new SavedCut("older", 5, 1, 1), new SavedCut("newer", 9, 1, 2));
        view = view.With(view.Plan.Jobs[0] with { Checkpoints = [older, newer], From = newer })
            .With(new Participant(0, 2, new ParticipantState { Phase = ParticipantPhase.Unable, BadCheckpoint = true }, TimeSpan.FromSeconds(2)));
        var job = HolderDecision.Of(view)!.Job();
        Assert.Equal(("older", 1), (job.From!.Id, job.Checkpoints.Count));
    }

    [Fact]
    public void Who_has_joined_meanwhile_takes_part_in_the_next_attempt_and_another_build_does_not()
    {
        var view = Seen.Of(3).With(Seen.Member(2, state: MemberState.Dead)).With(Seen.Member(4)).With(Seen.Member(5, build: "another")).With(Seen.Member(6, lapsed: true));
        Assert.Equal([1, 3, 4], HolderDecision.Of(view)!.Job().Members);
    }

    [Fact]
    public void Where_nobody_is_left_the_job_waits()
    {
        var view = Seen.Of(2).With(Seen.Member(2, state: MemberState.Dead)).With(Seen.Member(1, build: "another")).With(Seen.Says(1, ParticipantPhase.Broken));
        Assert.Equal(JobState.Waiting, HolderDecision.Of(view)!.Job().State);
    }
}
