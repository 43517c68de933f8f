using Trapline.Cluster.Chaos;
using Trapline.Cluster.Coordination;
using Trapline.Messages;
using Trapline.Persistence.Tests.Stores;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>The database is away, for a while or for long, or comes back older than it was.</summary>
public sealed class DatabaseLossTests(ITestOutputHelper output)
{
    private static readonly VirtualTime Length = VirtualTime.FromNanoseconds(1_400_000);

    [Fact]
    public void A_run_goes_on_while_a_server_is_away_and_stands_still_once_it_is_not_safe_for_too_long()
    {
        using var server = new PostgresServer();
        server.Clear("losses");
        using var cluster = new TestCluster(2, server.Url("losses"), settings => settings with { PauseAfter = TimeSpan.FromSeconds(7) });
        var run = cluster.Submit(VirtualTime.FromNanoseconds(100_000_000), checkpointSeconds: 0.3);
        var before = cluster.Until(run, status => status.Jobs[0].Checkpoint is not null && status.Participants.Count == 2, "there is a checkpoint");
        var commits = cluster.Client.Commits(run).Count;
        var position = before.Participants.Max(each => each.PositionPs);
        server.Crash();
        Thread.Sleep(TimeSpan.FromSeconds(2));
        server.Start();
        var after = cluster.Until(run, status => status.Row.Phase != RunPhase.Open || status.Participants.Any(each => each.PositionPs > position), "it has gone on");
        Assert.True(after.Row.Phase != RunPhase.Open || after.Jobs[0].Attempt == 1, $"nobody was lost\n{cluster.Said(run)}");
        output.WriteLine($"{commits} commits before; at {position / 1_000_000} us before, at {after.Participants.Select(each => each.PositionPs).DefaultIfEmpty().Max() / 1_000_000} us after");
        cluster.EndsAsUndisturbed(run, VirtualTime.FromNanoseconds(100_000_000));
    }

    [Fact]
    public void A_file_that_is_put_back_older_stops_its_run_with_a_clear_message()
    {
        using var cluster = new TestCluster(2);
        var run = cluster.Submit(Length);
        cluster.Until(run, status => status.Jobs[0].Attempt == 1 && status.Participants.Count == 2, "it has begun");
        var copy = cluster.File + ".copy";
        using (var still = new SqliteLock(cluster.File))
        {
            // Nobody writes while it is copied, as a backup has it.
            Patiently(still.Take);
            File.Copy(cluster.File, copy);
        }

        var revision = cluster.Client.Status(run)!.Row.Revision;
        cluster.Until(run, status => status.Row.Revision > revision, "something was committed since");
        cluster.Local.Kill(0);
        cluster.Local.Kill(1);
        File.Delete(cluster.File + "-journal");
        File.Copy(copy, cluster.File, overwrite: true);
        cluster.Local.Start(0);
        cluster.Local.Start(1);
        var until = DateTime.UtcNow + TestCluster.Patience;
        while (!Enumerable.Range(1, 2).All(node => cluster.Local.Log.Any(line => line.StartsWith($"n{node}:", StringComparison.Ordinal) && line.Contains("the database is older than what was done with it", StringComparison.Ordinal))))
        {
            Assert.True(DateTime.UtcNow < until, cluster.Said(run));
            Thread.Sleep(50);
        }

        // Nobody carries it on: the lease of its holder lapses, and nothing is committed.
        var commits = cluster.Client.Commits(run).Count;
        Thread.Sleep(TimeSpan.FromSeconds(4));
        Assert.True(cluster.Client.Commits(run).Count == commits, cluster.Said(run));
        output.WriteLine(cluster.Local.Log.First(line => line.Contains("is older", StringComparison.Ordinal)));
        // Other runs go on in the same cluster.
        var other = cluster.Submit(VirtualTime.FromNanoseconds(200_000));
        cluster.EndsAsUndisturbed(other, VirtualTime.FromNanoseconds(200_000));
    }

    private static void Patiently(Action take)
    {
        var until = DateTime.UtcNow + TestCluster.Patience;
        while (true)
        {
            try
            {
                take();
                return;
            }
            catch (Microsoft.Data.Sqlite.SqliteException) when (DateTime.UtcNow < until)
            {
                Thread.Sleep(20);
            }
        }
    }
}
