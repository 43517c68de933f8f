using Trapline.Cluster.Coordination;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>Members.</summary>
public abstract partial class CoordinationContract
{
    [Fact]
    public void Who_joins_is_a_member_as_announced()
    {
        var a = Join("a");
        var b = Join("b");
        Assert.Equal((1, 1), (a.Generation, b.Generation));
        Assert.Equal([a, b], Coordination.Members());
        Assert.Equal(new(a.Id, new("a", "http://127.0.0.1/a", "build", 2), 1, MemberState.Alive, Lapsed: false, ""), a);
        Assert.True(Coordination.Renew(a.Id, "87 windows/s", Long));
        Assert.Equal("87 windows/s", Coordination.Members()[0].Status);
    }

    [Fact]
    public void A_name_is_taken_until_its_lease_has_lapsed_and_the_next_is_another_generation()
    {
        var first = Join("a");
        var told = Refused(CoordinationFailure.NameTaken, () => Join("a")).Message;
        Assert.Contains("http://127.0.0.1/a", told, StringComparison.Ordinal);
        Assert.Contains("--name", told, StringComparison.Ordinal);
        Assert.True(Coordination.Renew(first.Id, "", Short));
        Lapse();
        var second = Join("a");
        Assert.Equal((2, true), (second.Generation, second.Id > first.Id));
        Assert.Equal([MemberState.Dead, MemberState.Alive], Coordination.Members().Select(member => member.State));
    }

    [Fact]
    public void The_lapse_of_a_lease_alone_changes_nothing()
    {
        var member = Join("a", Short);
        Lapse();
        Assert.Equal((MemberState.Alive, true), (Coordination.Members()[0].State, Coordination.Members()[0].Lapsed));
        Assert.True(Coordination.Renew(member.Id, "", Long));
        Assert.False(Coordination.Members()[0].Lapsed);
    }

    [Fact]
    public void Who_is_dead_or_has_left_never_returns()
    {
        var dead = Join("a", Short);
        Lapse();
        Join("a");
        var left = Join("b");
        Coordination.Leave(left.Id);
        Coordination.Leave(dead.Id);
        foreach (var gone in new[] { dead, left })
        {
            Assert.False(Coordination.Renew(gone.Id, "back", Long));
            Assert.Null(Coordination.TryTake(Submit(), gone.Id, Long));
        }

        Assert.Equal([MemberState.Dead, MemberState.Alive, MemberState.Left], Coordination.Members().Select(member => member.State));
        Assert.Equal(2, Join("b").Generation);
        Assert.False(Coordination.Renew(999, "", Long));
    }

    [Fact]
    public void Of_many_who_join_under_one_name_at_once_one_does()
    {
        _ = Coordination;
        var joined = 0;
        Together(8, _ =>
        {
            using var own = Coordinations.Open(Url);
            try
            {
                own.Join(new("same", "http://x", "build", 1), Long);
                Interlocked.Increment(ref joined);
            }
            catch (CoordinationException failure) when (failure.Failure == CoordinationFailure.NameTaken)
            {
                // What all but one must hear.
            }
        });
        Assert.Equal(1, joined);
        Assert.Single(Coordination.Members());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    public void What_is_no_name_is_refused(string name)
    {
        Refused(CoordinationFailure.Usage, () => Join(name));
        Refused(CoordinationFailure.Usage, () => Join(new('x', CoordinationLimits.NameLength + 1)));
        Assert.Empty(Coordination.Members());
    }

    [Fact]
    public void A_lease_that_is_none_and_texts_that_are_too_long_are_refused()
    {
        var member = Join("a");
        Refused(CoordinationFailure.Usage, () => Join("b", TimeSpan.Zero));
        Refused(CoordinationFailure.Usage, () => Join("b", CoordinationLimits.LongestLease + Short));
        Refused(CoordinationFailure.Usage, () => Coordination.Renew(member.Id, new('x', CoordinationLimits.TextLength + 1), Long));
        Refused(CoordinationFailure.Usage, () => Coordination.Renew(member.Id, "a\0b", Long));
        Refused(CoordinationFailure.Usage, () => Coordination.Renew(member.Id, new((char)0xd800, 1), Long));
        Assert.True(Coordination.Renew(member.Id, new('é', CoordinationLimits.TextLength), Long));
    }

    /// <summary>Waits until a lease of <see cref="Short"/> is over.</summary>
    private static void Lapse() => Thread.Sleep(30);

    /// <summary>Threads that begin at one moment; what one throws fails the test.</summary>
    private static void Together(int threads, Action<int> work)
    {
        using var start = new Barrier(threads);
        var tasks = Enumerable.Range(0, threads).Select(number => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Cancellation);
                work(number);
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Assert.True(Task.WaitAll(tasks, TimeSpan.FromSeconds(90)), "threads have not ended");
    }
}
