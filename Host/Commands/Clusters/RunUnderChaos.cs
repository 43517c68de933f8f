using Trapline.Cluster.Chaos;
using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;
using Trapline.Machines.Results;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Host.Commands.Clusters;

/// <summary>
/// <c>run FILE --nodes N --chaos PLAN</c>: once undisturbed in this process, then on a cluster of this machine to which the plan is done. Both must find the
/// same, and the log of commits must keep its laws.
/// </summary>
internal sealed class RunUnderChaos(HostConsole console, RunArguments arguments)
{
    /// <summary>For the nodes to join, and for the run: what is lost is computed again.</summary>
    private static readonly TimeSpan Joining = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Checkpoints = TimeSpan.FromSeconds(1);

    /// <exception cref="CommandException">What was found is not what the undisturbed run finds, or the run did not end.</exception>
    public RunReport Run(Scenario scenario, CancellationToken cancellation)
    {
        var undisturbed = Undisturbed(scenario);
        var folder = Directory.CreateTempSubdirectory("trapline-chaos-");
        try
        {
            var file = Path.Combine(folder.FullName, "cluster.db");
            using var cluster = LocalCluster.Start($"sqlite:{file}", arguments.Nodes, new LocalClusterSettings { Command = OwnProgram.Command(), Folder = folder.FullName }, Joining);
            using var database = new SqliteLock(file);
            var placement = RunPlacement.Of(arguments, scenario).OrSpread(scenario);
            var run = cluster.Client.Submit(ClusterClient.Prepare(ClusterRunRequests.Of(arguments, scenario, placement, Checkpoints)));
            long[] lengths = [.. undisturbed.Variants.Select(variant => (long)(variant.VirtualNs * VirtualTime.PerNanosecond))];
            var done = new ChaosRunner(cluster, database).Follow(run, arguments.Chaos!.Actions(arguments.Nodes), lengths, Parts(scenario), Patience, cancellation);
            Write(done);
            var report = cluster.Client.Report(run);
            Check(undisturbed, report, CommitLaws.Broken(cluster.Client.Commits(run)));
            return report;
        }
        catch (TimeoutException failure)
        {
            throw new CommandException(ExitCodes.Environment, failure.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private RunReport Undisturbed(Scenario scenario)
    {
        console.WriteNote("first undisturbed, in this process: what it finds is what must be found under losses");
        using var control = new RunControl();
        return RunSession.Run(new RunRequest { Scenario = scenario, Threads = arguments.Threads, Smoke = arguments.Smoke, Window = arguments.Window, Invariants = arguments.Invariants }, control);
    }

    /// <summary>Groups of one modelled host move together: a host that is torn apart has short paths between nodes.</summary>
    private static IReadOnlyList<IReadOnlyList<int>> Parts(Scenario scenario) =>
        [.. RunSession.Plan(scenario).Groups.Select((group, index) => (group.Host, Index: index)).GroupBy(group => group.Host).Select(host => host.Select(group => group.Index).ToArray())];

    private void Write(IReadOnlyList<ChaosDone> done)
    {
        foreach (var each in done)
        {
            var where = each.AtPs < 0 ? "not done" : $"at {Quantity.Time(new VirtualTime(each.AtPs))}";
            var after = each.Recovery is { } recovery ? $"; went on after {recovery.TotalSeconds:0.0} s, {Quantity.Time(new VirtualTime(each.LostPs))} computed again" : "";
            console.WriteNote($"{where}: {each.Text}{after}");
        }
    }

    private void Check(RunReport undisturbed, RunReport report, IReadOnlyList<string> broken)
    {
        if (report.Digest != undisturbed.Digest)
        {
            throw new CommandException(ExitCodes.Failed, $"under {arguments.Chaos} the digest is {report.Digest}, undisturbed it is {undisturbed.Digest}: this is a bug, please report it with the same command");
        }

        if (broken.Count > 0)
        {
            throw new CommandException(ExitCodes.Failed, $"under {arguments.Chaos} the log of commits breaks a law: {string.Join("; ", broken)}; this is a bug, please report it with the same command");
        }

        console.WriteNote($"under {arguments.Chaos} the run found what it finds undisturbed, and the log of commits keeps its laws");
    }
}
