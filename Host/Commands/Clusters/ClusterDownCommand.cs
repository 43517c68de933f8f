using System.CommandLine;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>cluster down</c>: ends what <c>cluster up</c> has started; runs that are not over go on when nodes are there again.</summary>
internal static class ClusterDownCommand
{
    public static Command Create(HostConsole console)
    {
        var folder = ClusterCommand.Folder();
        var json = CommonOptions.Json();
        var command = new Command("down", "End the nodes that 'cluster up' has started. Database and logs stay: runs that are not over go on when nodes are there again.") { folder, json };
        command.SetAction(parsed =>
        {
            var place = ClusterCommand.FolderOf(parsed, folder);
            var nodes = place.Nodes();
            if (nodes.Count == 0)
            {
                throw new CommandException(ExitCodes.Usage, $"no cluster was started in {place.Path}; name the folder of 'cluster up' with --dir");
            }

            using var hurry = new CancellationTokenSource();
            using var signals = new InterruptSignals(hurry.Cancel, "to wait for nodes that leave", console, decides: true);
            var ended = DetachedNodes.Stop(nodes, hurry.Token);
            foreach (var (node, _) in ended)
            {
                place.Forget(node.Name);
            }

            var down = new ClusterDown(place.Path, [.. ended.Select(each => new ClusterDownNode(each.Node.Name, each.End.ToString().ToLowerInvariant()))]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(down));
            }
            else
            {
                Write(console, down);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(HostConsole console, ClusterDown down)
    {
        foreach (var node in down.Nodes)
        {
            console.Output.WriteLine(node.End switch
            {
                "left" => $"{node.Name} has left",
                "killed" => $"{node.Name} did not leave within {DetachedNodes.EndPatience.TotalSeconds} s and was killed",
                _ => $"{node.Name} was not there any more",
            });
        }
    }
}
