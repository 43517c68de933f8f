using System.CommandLine;
using Trapline.Cluster.Coordination;
using Trapline.Host.Rendering;
using Trapline.Host.Rendering.Clusters;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>cluster status</c>: members, runs, and how far each node is.</summary>
internal static class ClusterStatusCommand
{
    /// <summary>Of a cluster that has been there for long most members are history.</summary>
    private const int MostDead = 8;

    public static Command Create(HostConsole console)
    {
        var cluster = ClusterOptions.Cluster("Which one");
        var json = CommonOptions.Json();
        var command = new Command("status", "Show members, the runs that are not over, and what each node does in them.") { cluster, json };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var members = client.Members();
            var names = new MemberNames(members);
            var alive = members.Where(member => member.State == MemberState.Alive);
            var shown = members.Where(member => member.State != MemberState.Alive).TakeLast(MostDead).Concat(alive).OrderBy(member => member.Id);
            var state = new ClusterState(client.Place, [.. shown.Select(MemberRow.Of)], [.. client.Runs(unfinishedOnly: true).Select(run => Reports.Clusters.RunRow.Of(run, names))]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(state));
            }
            else
            {
                ClusterRenderer.Write(console.Output, state);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
