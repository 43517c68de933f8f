using Trapline.Cluster.Coordination;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>Runs: the lease, the compare-and-swap, the log.</summary>
public abstract partial class CoordinationContract
{
    [Fact]
    public void A_run_is_there_as_it_was_submitted()
    {
        var specification = new byte[9 << 20];
        new Random(1).NextBytes(specification);
        var run = Coordination.Submit(new("storm", "b1", specification, "{\"jobs\":[]}"));
        Assert.Equal(1, run);
        Assert.Equal(new(1, "storm", "b1", RunPhase.Open, 0, null, HolderLapsed: false, 0, "{\"jobs\":[]}"), Coordination.Find(1));
        Assert.Equal(specification, Coordination.Specification(1));
        Assert.Empty(Coordination.Specification(Coordination.Submit(new("", "", [], ""))));
        Assert.Equal([1, 2], Coordination.Runs(unfinishedOnly: true).Select(row => row.Id));
        Assert.Null(Coordination.Find(3));
        Refused(CoordinationFailure.Usage, () => Coordination.Specification(3));
        Assert.Empty(Coordination.Commits(1));
    }

    [Fact]
    public void Who_takes_a_lease_has_a_new_epoch_and_others_get_none_until_it_has_lapsed()
    {
        var (a, b) = (Join("a"), Join("b"));
        var run = Submit();
        var taken = Coordination.TryTake(run, a.Id, Long)!;
        Assert.Equal((1, a.Id, 1, false), (taken.Epoch, taken.Holder, taken.Revision, taken.HolderLapsed));
        Assert.Null(Coordination.TryTake(run, b.Id, Long));
        Assert.Null(Coordination.TryTake(run, a.Id, Long));
        Assert.True(Coordination.RenewLease(new(run, 1, a.Id), Short));
        Lapse();
        Assert.True(Coordination.Find(run)!.HolderLapsed);
        var second = Coordination.TryTake(run, b.Id, Long)!;
        Assert.Equal((2, b.Id, 2), (second.Epoch, second.Holder, second.Revision));
        Assert.False(Coordination.RenewLease(new(run, 1, a.Id), Long));
        Assert.Equal(second, Coordination.Find(run));
        Assert.Null(Coordination.TryTake(99, a.Id, Long));
    }

    [Fact]
    public void A_lease_that_lapsed_and_was_taken_by_nobody_can_be_renewed()
    {
        var (authority, revision) = Taken(Short);
        Lapse();
        Assert.Null(Coordination.TryCommit(authority, revision, new("late", "x")));
        Assert.True(Coordination.RenewLease(authority, Long));
        Assert.NotNull(Coordination.TryCommit(authority, revision, new("in time", "x")));
    }

    [Fact]
    public void A_member_that_left_or_died_holds_nothing_however_long_its_lease_was()
    {
        var (authority, revision) = Taken();
        var other = Join("other");
        Coordination.Leave(authority.Holder);
        Assert.True(Coordination.Find(authority.Run)!.HolderLapsed);
        Assert.False(Coordination.RenewLease(authority, Long));
        Assert.Null(Coordination.TryCommit(authority, revision, new("gone", "x")));
        Assert.Equal(2, Coordination.TryTake(authority.Run, other.Id, Long)!.Epoch);
    }

    [Fact]
    public void A_commit_changes_the_run_and_the_log_at_once()
    {
        var (authority, revision) = Taken();
        var first = Coordination.TryCommit(authority, revision, new("placed", "plan 1"))!;
        Assert.Equal((1, 2, "plan 1", RunPhase.Open), (first.Epoch, first.Revision, first.Plan, first.Phase));
        var done = Coordination.TryCommit(authority, 2, new("done", "plan 2") { Phase = RunPhase.Done })!;
        Assert.Equal((3, "plan 2", RunPhase.Done), (done.Revision, done.Plan, done.Phase));
        Assert.Equal(done, Coordination.Find(authority.Run));
        Assert.Empty(Coordination.Runs(unfinishedOnly: true));
        var log = Coordination.Commits(authority.Run);
        Assert.Equal([(1, 1, "lease taken"), (1, 2, "placed"), (1, 3, "done")], log.Select(commit => (commit.Epoch, commit.Revision, commit.What)));
        Assert.All(log, commit => Assert.InRange(commit.At, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1)));
        Coordination.Leave(authority.Holder);
        Assert.Null(Coordination.TryTake(authority.Run, Join("next").Id, Long));
    }

    [Theory]
    [InlineData("epoch")]
    [InlineData("revision")]
    [InlineData("holder")]
    [InlineData("lapsed")]
    public void A_commit_under_anything_old_changes_nothing(string old)
    {
        var (authority, revision) = Taken();
        var (other, victim) = (Join("other"), Join("victim"));
        var wrong = old switch
        {
            "epoch" => authority with { Epoch = authority.Epoch - 1 },
            "holder" => authority with { Holder = other.Id },
            _ => authority,
        };
        if (old == "lapsed")
        {
            Coordination.RenewLease(authority, Short);
            Lapse();
        }

        var before = (Coordination.Find(authority.Run), Coordination.Commits(authority.Run).Count);
        Assert.Null(Coordination.TryCommit(wrong, old == "revision" ? revision - 1 : revision, new("old", "old") { Phase = RunPhase.Failed, Evicted = [victim.Id], Attempts = [(0, 1)] }));
        Assert.Equal(before, (Coordination.Find(authority.Run), Coordination.Commits(authority.Run).Count));
        Assert.Equal(MemberState.Alive, Coordination.Members().Single(member => member.Id == victim.Id).State);
        Assert.Equal(0, Coordination.Report([new(authority.Run, 0, 1, other.Id, "")]));
    }

    [Fact]
    public void Those_evicted_are_dead_with_the_commit_and_the_epoch_is_raised()
    {
        var (authority, revision) = Taken();
        var (slow, lost) = (Join("slow"), Join("lost"));
        var after = Coordination.TryCommit(authority, revision, new("evicts", "x") { Evicted = [lost.Id, slow.Id] })!;
        Assert.Equal((2, authority.Holder), (after.Epoch, after.Holder));
        Assert.Equal([MemberState.Alive, MemberState.Dead, MemberState.Dead], Coordination.Members().Select(member => member.State));
        Assert.False(Coordination.Renew(slow.Id, "", Long));
        // The holder goes on, in the new epoch alone.
        Assert.False(Coordination.RenewLease(authority, Long));
        Assert.Null(Coordination.TryCommit(authority, 2, new("old epoch", "x")));
        Assert.NotNull(Coordination.TryCommit(authority with { Epoch = 2 }, 2, new("new epoch", "x")));
        Refused(CoordinationFailure.Usage, () => Coordination.TryCommit(authority with { Epoch = 2 }, 3, new("itself", "x") { Evicted = [authority.Holder] }));
    }

    [Fact]
    public void Of_many_takers_of_a_lease_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var run = Submit();
            var members = Enumerable.Range(0, 6).Select(number => Join($"r{round}n{number}")).ToArray();
            var winners = 0;
            Together(members.Length, number =>
            {
                using var own = Coordinations.Open(Url);
                Interlocked.Add(ref winners, own.TryTake(run, members[number].Id, Long) is null ? 0 : 1);
            });
            Assert.Equal((1, 1), (winners, Coordination.Commits(run).Count));
        }
    }

    /// <summary>Leases that lapse all the time, nodes that fight for them: what a log of any cluster must look like.</summary>
    [Fact]
    public void The_log_of_a_run_has_no_gaps_and_one_holder_in_an_epoch()
    {
        var run = Submit();
        Assert.NotEqual(0, run);
        var commits = 0;
        Together(6, number =>
        {
            using var own = Coordinations.Open(Url);
            var member = own.Join(new($"n{number}", "http://x", "build", 1), Long);
            for (var step = 0; step < 12; step++)
            {
                if (own.TryTake(run, member.Id, TimeSpan.FromMilliseconds(15)) is not { } held)
                {
                    own.WaitForChange(TimeSpan.FromMilliseconds(20), Cancellation);
                    continue;
                }

                Interlocked.Increment(ref commits);
                while (own.TryCommit(new(run, held.Epoch, member.Id), held.Revision, new($"step {step}", $"{held.Revision + 1}")) is { } next)
                {
                    Interlocked.Increment(ref commits);
                    held = next;
                    Thread.Sleep(Random.Shared.Next(12));
                }
            }
        });
        var log = Coordination.Commits(run);
        var row = Coordination.Find(run)!;
        Assert.Equal(commits, log.Count);
        CommitLog.Check(log);
        Assert.Equal((row.Revision, row.Epoch), (log[^1].Revision, log[^1].Epoch));
        Assert.True(log[^1].Epoch > 3, $"{log[^1].Epoch} epochs are too few to prove anything");
    }

    [Fact]
    public void A_restored_older_database_shows_an_older_epoch_and_revision()
    {
        var (authority, revision) = Taken();
        Coordination.TryCommit(authority, revision, new("a", "a"));
        Execute("UPDATE run SET epoch = 0, revision = 1, plan = 'older'");
        Assert.Equal((0, 1, "older"), (Coordination.Find(authority.Run)!.Epoch, Coordination.Find(authority.Run)!.Revision, Coordination.Find(authority.Run)!.Plan));
        Assert.Null(Coordination.TryCommit(authority, 2, new("b", "b")));
        Assert.False(Coordination.RenewLease(authority, Long));
    }
}
