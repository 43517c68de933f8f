using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;
using Trapline.Machines.Scenarios;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>run FILE --cluster URL</c>: hands the run over, and follows it unless it is told not to.</summary>
internal sealed class RunOnCluster(HostConsole console, RunArguments arguments)
{
    public int Run(Scenario scenario, OutputFolder files, ReportDelivery delivery)
    {
        using var client = Client();
        files.RemoveOldReport();
        var run = Submit(client, scenario);
        return new FollowedRun(console, client, run, arguments.Cluster).Deliver(files, delivery);
    }

    public int Detach(Scenario scenario)
    {
        using var client = Client();
        var submitted = new RunSubmitted(Submit(client, scenario), client.Place);
        if (arguments.Json)
        {
            console.Output.Write(ReportJson.Serialize(submitted));
        }
        else
        {
            console.Output.WriteLine($"run {submitted.Run} of {submitted.Cluster}");
            console.WriteNote(FollowedRun.Goes(submitted.Run, arguments.Cluster, client.Place));
        }

        return ExitCodes.Done;
    }

    public int RunSeeds(Scenario scenario, SeedsRun seeds)
    {
        using var client = Client();
        var run = Submit(client, scenario);
        if (arguments.Detach)
        {
            console.Output.WriteLine($"run {run} of {client.Place}");
            return ExitCodes.Done;
        }

        return new FollowedRun(console, client, run, arguments.Cluster).Finish(() => seeds.Finish(client.BySeed(run)));
    }

    private long Submit(ClusterClient client, Scenario scenario)
    {
        var submission = ClusterClient.Prepare(ClusterRunRequests.Of(arguments, scenario, RunPlacement.Of(arguments, scenario), TimeSpan.FromSeconds(30)));
        var members = client.Members().Where(member => member.State == MemberState.Alive && !member.Lapsed).ToList();
        if (members.Count == 0)
        {
            console.WriteWarning($"{client.Place} has no node now: the run begins when one joins; 'trapline node' starts one");
        }
        else if (members.All(member => member.Node.Build != BuildIdentity.Current))
        {
            console.WriteWarning($"the nodes of {client.Place} are of another build than this program ({members[0].Node.Build}, and not {BuildIdentity.Current}): the run begins when one of this build joins");
        }

        return client.Submit(submission);
    }

    private ClusterClient Client() => new(ClusterOptions.Open(arguments.Cluster!));
}
