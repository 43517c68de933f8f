using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Rendering.Clusters;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs list</c>.</summary>
internal static class RunsListCommand
{
    public static Command Create(HostConsole console)
    {
        var cluster = ClusterOptions.Cluster("Which one");
        var all = new Option<bool>("--all") { Description = "Also those that are over. Default: only those that are not" };
        var json = CommonOptions.Json();
        var command = new Command("list", "List runs, the oldest first.") { cluster, all, json };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var names = new MemberNames(client.Members());
            var list = new RunsList(client.Place, [.. client.Runs(unfinishedOnly: !parsed.GetValue(all)).Select(run => RunRow.Of(run, names))]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(list));
            }
            else
            {
                ClusterRenderer.Write(console.Output, list, parsed.GetValue(all));
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
