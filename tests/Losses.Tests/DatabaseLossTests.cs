using Trapline.Cluster.Chaos;
using Trapline.Messages;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>The database comes back older than it was.</summary>
public sealed class DatabaseLossTests(ITestOutputHelper output)
{
    private static readonly VirtualTime Length = VirtualTime.FromNanoseconds(1_400_000);

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
