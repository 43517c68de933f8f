using Trapline.Cluster.Coordination;
using Trapline.Persistence.PostgreSql;
using Trapline.Persistence.Tests.Stores;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Trapline.Cluster.Tests.Coordination;

/// <summary>The contract on PostgreSQL, and what is particular to a server.</summary>
[Trait("Runs", "Once")]
public sealed class PostgreSqlCoordinationTests(PostgresServer server) : CoordinationContract
{
    private const string Database = "coordination";
    private bool _cleared;

    protected override string Url
    {
        get
        {
            if (!_cleared)
            {
                server.Clear(Database);
                _cleared = true;
            }

            return server.Url(Database);
        }
    }

    protected override void Execute(string sql) => server.Query(Database, sql);

    [Fact]
    public void A_server_that_restarts_is_unavailable_and_then_used_again()
    {
        using var own = new PostgresServer();
        own.Clear(Database);
        using var coordination = Coordinations.Open(own.Url(Database));
        var run = coordination.Submit(new("a", "b", [1], "plan"));
        coordination.WaitForChange(TimeSpan.FromSeconds(2), Cancellation);
        own.Crash();
        var start = DateTime.UtcNow;
        Assert.Contains("cannot be reached", Refused(CoordinationFailure.Unavailable, () => coordination.Find(run)).Message, StringComparison.Ordinal);
        Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(10));
        // Whoever waits comes back to look for himself.
        coordination.WaitForChange(TimeSpan.FromSeconds(60), Cancellation);
        coordination.WaitForChange(TimeSpan.FromSeconds(60), Cancellation);
        Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(20));
        own.Start();
        Assert.Equal("plan", coordination.Find(run)!.Plan);
        Assert.True(coordination.Submit(new("a", "b", [1], "plan")) > run);
        Assert.True(Woken(coordination));
    }

    /// <summary>In the middle of calls: none does half of what it should, and the next works.</summary>
    [Fact]
    public async Task Connections_that_are_cut_are_unavailable_and_change_nothing_by_halves()
    {
        var (authority, revision) = Taken();
        using var end = new CancellationTokenSource();
        var cutter = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    server.Query("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database}'");
                    await Task.Delay(7, CancellationToken.None);
                }
            },
            CancellationToken.None);
        var cut = 0;
        for (var step = 0; step < 60; step++)
        {
            try
            {
                if (Coordination.TryCommit(authority, revision, new("step", $"{step}")) is { } next)
                {
                    revision = next.Revision;
                    continue;
                }

                // The answer to the last one was lost, as its connection was: it was done.
                revision++;
            }
            catch (CoordinationException failure)
            {
                Assert.True(failure.Failure == CoordinationFailure.Unavailable, failure.Message);
                cut++;
            }
        }

        await end.CancelAsync();
        await cutter;
        Assert.True(cut > 3, $"{cut} cuts are too few to prove anything");
        CommitLog.Check(Coordination.Commits(authority.Run));
        Assert.Equal(Coordination.Find(authority.Run)!.Revision, Coordination.Commits(authority.Run)[^1].Revision);
    }

    [Fact]
    public void Calls_that_are_together_have_a_new_connection_after_theirs_was_cut()
    {
        var run = Submit();
        using var together = Coordination.Together();
        Assert.NotNull(Coordination.Find(run));
        server.Query("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database}'");
        Refused(CoordinationFailure.Unavailable, () => Coordination.Find(run));
        Assert.NotNull(Coordination.Find(run));
    }

    [Fact]
    public void Who_waits_is_woken_again_after_the_listening_connection_was_cut()
    {
        Submit();
        Assert.True(Woken(Coordination));
        server.Query("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database}'");
        Thread.Sleep(100);
        Assert.True(Woken(Coordination));
    }

    [Fact]
    public void A_checkpoint_that_is_being_saved_keeps_nobody_from_renewing_a_lease()
    {
        var (authority, revision) = Taken();
        using var other = new Npgsql.NpgsqlConnection(PostgreSqlUrl.Parse(Url.Split("://")[1]).ConnectionString);
        other.Open();
        using var transaction = PostgreSqlDatabase.BeginWrite(other);
        Assert.True(Coordination.RenewLease(authority, TimeSpan.FromSeconds(60)));
        Assert.NotNull(Coordination.TryCommit(authority, revision, new("a", "a")));
        Join("meanwhile");
    }

    [Fact]
    public void What_is_read_only_or_not_there_is_said()
    {
        Submit();
        server.Query(Database, $"ALTER DATABASE {Database} SET default_transaction_read_only = on");
        Refused(CoordinationFailure.Full, () => Submit());
        Assert.Single(Coordination.Runs(false));
        server.Query("postgres", $"ALTER DATABASE {Database} RESET default_transaction_read_only");
        Submit();
        Refused(CoordinationFailure.Usage, () => Coordinations.Open(server.Url("missing")));
        var start = DateTime.UtcNow;
        var told = Refused(CoordinationFailure.Unavailable, () => Coordinations.Open("postgres://me:secret@127.0.0.1:1/db")).Message;
        Assert.DoesNotContain("secret", told, StringComparison.Ordinal);
        Assert.True(DateTime.UtcNow - start < TimeSpan.FromSeconds(10));
    }

    /// <summary>Whether a change is heard of well before the time is over.</summary>
    private static bool Woken(ICoordination coordination)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            while (coordination.WaitForChange(TimeSpan.FromMilliseconds(300), Cancellation))
            {
            }

            var start = DateTime.UtcNow;
            var change = Task.Run(() => coordination.Submit(new("a", "b", [], "")), Cancellation);
            var woken = coordination.WaitForChange(TimeSpan.FromSeconds(30), Cancellation);
            change.Wait(Cancellation);
            if (woken && DateTime.UtcNow - start < TimeSpan.FromSeconds(5))
            {
                return true;
            }
        }

        return false;
    }
}
