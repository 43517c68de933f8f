using Trapline.Cluster.Coordination;
using Trapline.Persistence;
using Xunit;

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>What every coordination must do. Another engine derives a class from it and opens its own.</summary>
public abstract partial class CoordinationContract : IDisposable
{
    /// <summary>That no test waits for.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    /// <summary>That tests wait for.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private ICoordination? _coordination;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ICoordination Coordination => _coordination ??= Coordinations.Open(Url);

    /// <summary>Of the database of this test, which is new.</summary>
    protected abstract string Url { get; }

    /// <summary>Runs SQL in it, behind its back.</summary>
    protected abstract void Execute(string sql);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _coordination?.Dispose();

    [Fact]
    public void A_database_that_does_not_exist_is_not_made_by_looking()
    {
        Assert.Null(Coordinations.OpenExisting(Url));
        Assert.Null(Coordinations.OpenExisting(Url));
        Assert.NotEqual("", Coordination.ClusterId);
        using var other = Coordinations.OpenExisting(Url)!;
        Assert.Equal(Coordination.ClusterId, other.ClusterId);
    }

    [Fact]
    public void Calls_of_a_thread_that_are_together_see_what_others_do_and_go_on_after_one_that_failed()
    {
        var run = Submit();
        using (Coordination.Together())
        {
            Assert.Empty(Coordination.Requests(run));
            Assert.Throws<InvalidOperationException>(Coordination.Together);
            // Another thread is not of it, and has a connection of its own.
            var asked = 0L;
            Exception? failure = null;
            var other = new Thread(() => failure = Record.Exception(() => { asked = Coordination.Request(run, "stop"); }));
            other.Start();
            other.Join();
            Assert.Null(failure);
            Assert.Equal(asked, Assert.Single(Coordination.Requests(run)).Id);
            Assert.ThrowsAny<Exception>(() => Coordination.Request(run + 1, "stop"));
            Coordination.Answer(asked, "yes");
            Assert.Equal("yes", Assert.Single(Coordination.Requests(run)).Answer);
        }

        Assert.Equal("yes", Assert.Single(Coordination.Requests(run)).Answer);
        Coordination.Together().Dispose();
    }

    [Fact]
    public void The_same_url_is_a_store_of_checkpoints_whichever_is_opened_first()
    {
        using (var before = CheckpointStores.Open(Url))
        {
            Assert.Empty(before.List());
        }

        var run = Submit();
        using var store = CheckpointStores.OpenExisting(Url)!;
        Assert.Empty(store.List());
        Assert.Equal(run, Coordination.Find(run)!.Id);
    }

    [Fact]
    public void A_schema_of_before_the_cluster_is_brought_up_to_date()
    {
        _ = Coordination;
        var id = Coordination.ClusterId;
        using var again = Coordinations.Open(Url);
        Assert.Equal(id, again.ClusterId);
    }

    [Fact]
    public void A_database_that_is_replaced_by_another_clusters_is_refused()
    {
        Submit();
        Execute("UPDATE cluster SET id = 'other'");
        Assert.Contains("start again", Refused(CoordinationFailure.Foreign, () => Coordination.Runs(false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_altered_or_is_newer_is_refused()
    {
        var run = Submit();
        Execute("DROP TABLE request");
        Refused(CoordinationFailure.Foreign, () => Coordination.Requests(run));
    }

    protected static CoordinationException Refused(CoordinationFailure failure, Action action)
    {
        var thrown = Assert.Throws<CoordinationException>(action);
        Assert.True(thrown.Failure == failure && thrown.Message.Length > 20, $"{thrown.Failure}: {thrown.Message}");
        return thrown;
    }

    protected Member Join(string name, TimeSpan? lease = null) => Coordination.Join(new(name, $"http://127.0.0.1/{name}", "build", 2), lease ?? Long);

    protected long Submit(string plan = "{}") => Coordination.Submit(new("storm", "build", [1, 2, 3], plan));

    /// <summary>A run that a member holds.</summary>
    protected (RunAuthority Authority, long Revision) Taken(TimeSpan? lease = null)
    {
        var member = Join($"holder{Coordination.Members().Count}");
        var run = Coordination.TryTake(Submit(), member.Id, lease ?? Long)!;
        return (new(run.Id, run.Epoch, member.Id), run.Revision);
    }
}
