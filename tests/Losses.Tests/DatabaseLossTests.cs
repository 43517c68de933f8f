using Trapline.Cluster.Chaos;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs;
using Trapline.Messages;
using Trapline.Persistence.Tests.Stores;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>The database is lost, and comes back as it was, or older.</summary>
public sealed class DatabaseLossTests(ITestOutputHelper output)
{
    private static readonly VirtualTime Length = VirtualTime.FromNanoseconds(1_400_000);

    [Fact]
    public void A_run_goes_on_while_its_server_is_down_and_everything_is_written_down_when_it_is_back()
    {
        using var server = new PostgresServer();
        server.Clear("losses");
        using var cluster = new TestCluster(3, server.Url("losses"), settings => settings with { Lease = TimeSpan.FromSeconds(3), Stall = TimeSpan.FromSeconds(3) });
        var run = cluster.Submit(Length);
        cluster.Until(run, status => status.Jobs[0].Checkpoint is not null && status.Participants.Any(each => each.PositionPs > 50_000_000), "it is under way");
        // As if its machine had lost its power: what was not committed is gone, and every connection with it.
        server.Crash();
        Thread.Sleep(TimeSpan.FromSeconds(4));
        server.Start();
        cluster.EndsAsUndisturbed(run, Length);
        // All leases have lapsed meanwhile, since nobody could renew one: that says nothing of anyone.
        Assert.DoesNotContain(cluster.Client.Commits(run), commit => commit.What.Contains("lost: ", StringComparison.Ordinal));
        Assert.Contains(cluster.Local.Log, line => line.Contains("the database does not answer", StringComparison.Ordinal));
        Assert.Contains(cluster.Local.Log, line => line.Contains("the database answers again", StringComparison.Ordinal));
    }

    /// <summary>That this changes no digest, the tests of attempts say, whose supervisors draw when to pause.</summary>
    [Fact]
    public void A_run_that_is_not_safe_on_disk_for_too_long_stands_still_until_it_is()
    {
        using var server = new PostgresServer();
        server.Clear("losses");
        using var cluster = new TestCluster(2, server.Url("losses"), settings => settings with { PauseAfter = TimeSpan.FromSeconds(1) });
        // Ten minutes of work: it does not end before the limit.
        var run = cluster.Submit(Rack.Request(Rack.Long(cluster.Folder), TimeSpan.FromSeconds(0.3)));
        cluster.Until(run, status => status.Jobs[0].Checkpoint is not null, "it is under way");
        server.Crash();
        cluster.UntilSaid("stands still until it is safe on disk");
        server.Start();
        cluster.UntilSaid(": goes on");
        var stood = cluster.Until(run, status => status.Participants.Count == 2, "its nodes say where they are").Participants[0].PositionPs;
        cluster.Until(run, status => status.Participants.Any(each => each.PositionPs > stood), "it is under way again");
        cluster.Client.Stop(run);
        cluster.Until(run, status => status.Row.Phase != RunPhase.Open, "it is over");
        Assert.True(CommitLaws.Broken(cluster.Client.Commits(run)) is [], cluster.Said(run));
    }

    [Fact]
    public void A_file_that_is_put_back_older_stops_its_run_with_a_clear_message()
    {
        using var cluster = new TestCluster(2);
        var run = cluster.Submit(Length);
        cluster.Until(run, status => status.Jobs[0].Attempt == 1 && status.Participants.Count == 2, "it has begun");
        var copy = cluster.File + ".copy";
        cluster.CopyDatabase(copy);
        var revision = cluster.Client.Status(run)!.Row.Revision;
        cluster.Until(run, status => status.Row.Revision > revision, "something was committed since");
        // What no node has looked at, none has acted by: a database without it is as good.
        cluster.UntilRemembered(run, revision + 1);
        cluster.Local.Kill(0);
        cluster.Local.Kill(1);
        cluster.PutBack(copy);
        cluster.Local.Start(0);
        cluster.Local.Start(1);
        // Whichever node comes first: one that has seen it knows more than the database, and no other may go on.
        cluster.Until(run, status => status.Row.Phase != RunPhase.Open, "the run is ended");
        Assert.Equal(RunPhase.Failed, cluster.Client.Status(run)!.Row.Phase);
        var failure = Assert.Throws<RunException>(() => cluster.Client.Report(run));
        Assert.Contains("the database is older than what was done with it", failure.Message, StringComparison.Ordinal);
        Assert.True(CommitLaws.Broken(cluster.Client.Commits(run)) is [], cluster.Said(run));
        output.WriteLine(failure.Message);
        // Other runs go on in the same cluster.
        var other = cluster.Submit(VirtualTime.FromNanoseconds(200_000));
        cluster.EndsAsUndisturbed(other, VirtualTime.FromNanoseconds(200_000));
    }
}
