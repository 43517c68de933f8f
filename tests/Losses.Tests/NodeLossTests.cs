using System.Diagnostics;
using Trapline.Cluster.Coordination;
using Trapline.Messages;
using Xunit;

namespace Trapline.Losses.Tests;

/// <summary>Single losses, each with what is particular to it.</summary>
public sealed class NodeLossTests(ITestOutputHelper output)
{
    private static readonly VirtualTime Length = VirtualTime.FromNanoseconds(1_300_000);

    /// <summary>How long it takes is printed here and measured by <c>bench -- cluster</c>: it is the machine's load that a bound would judge.</summary>
    [Fact]
    public void A_run_goes_on_by_itself_after_one_of_four_was_killed_and_the_node_is_used_again()
    {
        using var cluster = new TestCluster(4, change: settings => settings with { Lease = TimeSpan.FromSeconds(4), Stall = TimeSpan.FromSeconds(4) });
        var run = cluster.Submit(Length, checkpointSeconds: 0.5);
        var before = cluster.Until(run, status => status.Jobs[0].Checkpoint is not null && status.Participants.Any(each => each.PositionPs > 50_000_000), "there is a checkpoint");
        // One that takes part; not the holder, whose lease has to run out first.
        var victim = Enumerable.Range(0, 4).First(node => cluster.Local.MemberOf(node) is { } member && before.Jobs[0].Members.Contains(member.Id) && member.Id != before.Row.Holder);
        cluster.Local.Kill(victim);
        var killed = Stopwatch.GetTimestamp();
        var after = cluster.Until(run, status => status.Row.Phase != RunPhase.Open || (status.Jobs[0].Attempt > before.Jobs[0].Attempt && status.Participants.Any(each => each.Windows > 0)), "it goes on");
        var time = Stopwatch.GetElapsedTime(killed);
        output.WriteLine($"killed at {before.Participants.Max(each => each.PositionPs) / 1_000_000} us; went on after {time.TotalSeconds:0.00} s from {after.Jobs[0].BeganAtPs / 1_000_000} us");
        Assert.True(after.Jobs[0].Attempt > before.Jobs[0].Attempt, cluster.Said(run));
        cluster.Local.Start(victim);
        // Its own name is taken until its former lease has lapsed.
        cluster.Until(run, _ => cluster.Local.MemberOf(victim) is { Generation: > 1 }, "it has joined anew");
        // Another loss: whoever came back takes part in the attempt after it.
        if (cluster.Client.Status(run)!.Row.Phase == RunPhase.Open)
        {
            cluster.Local.Kill(Enumerable.Range(0, 4).Last(node => node != victim));
            var again = cluster.Until(run, status => status.Row.Phase != RunPhase.Open || status.Jobs[0].Attempt > after.Jobs[0].Attempt, "another attempt");
            Assert.True(again.Row.Phase != RunPhase.Open || again.Jobs[0].Members.Contains(cluster.Local.MemberOf(victim)!.Id), cluster.Said(run));
            output.WriteLine($"attempt {again.Jobs[0].Attempt} has members {string.Join(", ", again.Jobs[0].Members)}; {cluster.Local.MemberOf(victim)!.Id} came back");
        }

        cluster.EndsAsUndisturbed(run, Length);
    }

    [Fact]
    public void Of_two_that_do_not_hear_each_other_one_is_evicted()
    {
        using var cluster = new TestCluster(3, change: settings => settings with { Lease = TimeSpan.FromSeconds(3) });
        var run = cluster.Submit(Length);
        var status = cluster.Until(run, status => status.Row.Holder is not null && status.Participants.Any(each => each.PositionPs > 50_000_000), "it is under way");
        var holder = cluster.Local.Names.ToList().FindIndex(name => cluster.Client.Members().Single(member => member.Id == status.Row.Holder).Node.Name == name);
        int[] others = [.. Enumerable.Range(0, 3).Where(node => node != holder)];
        cluster.Local.Cut(others[0], others[1]);
        cluster.Local.Cut(others[1], others[0]);
        cluster.Until(run, status => status.Jobs[0].Attempt > 1 || status.Row.Phase != RunPhase.Open, "somebody is evicted");
        cluster.EndsAsUndisturbed(run, Length);
        var lost = cluster.Client.Commits(run).Where(commit => commit.What.Contains("lost: ", StringComparison.Ordinal)).ToList();
        // By one commit; of the two.
        var first = Assert.Single(lost, commit => commit.What.Contains("(member ", StringComparison.Ordinal)).What;
        Assert.True(others.Count(node => first.Contains($" {cluster.Local.Names[node]} (", StringComparison.Ordinal)) == 1, cluster.Said(run));
        Assert.DoesNotContain($" {cluster.Local.Names[holder]} (", first, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_node_of_a_live_name_is_refused_and_the_first_goes_on()
    {
        using var cluster = new TestCluster(2);
        var start = new ProcessStartInfo(TestCluster.Program, ["node", "--cluster", cluster.Local.Url, "--name", "n1", "--state", Path.Combine(cluster.Folder, "second"), "--lease", "1s"]) { RedirectStandardError = true };
        using var second = Process.Start(start)!;
        var said = second.StandardError.ReadToEnd();
        Assert.True(second.WaitForExit(TestCluster.Patience));
        Assert.NotEqual(0, second.ExitCode);
        Assert.Contains("n1", said, StringComparison.Ordinal);
        Assert.Equal(1, cluster.Local.MemberOf(0)!.Generation);
        output.WriteLine(said);
    }
}
