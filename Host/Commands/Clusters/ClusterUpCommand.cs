using System.CommandLine;
using Trapline.Cluster.Coordination;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Rendering.Clusters;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>cluster up</c>: nodes that go on when this command and its terminal have ended.</summary>
internal static class ClusterUpCommand
{
    public static Command Create(HostConsole console)
    {
        var nodes = CommonOptions.Integer("--nodes", $"How many, 1 to {RunArguments.MostNodes}. Default: 2", 1, RunArguments.MostNodes);
        var folder = ClusterCommand.Folder();
        var threads = CommonOptions.Integer("--threads", $"Threads of each node, 1 to {RunArguments.MostThreads}; results do not depend on it. Default: 1", 1, RunArguments.MostThreads);
        var cluster = new Option<string?>("--cluster") { Description = "Database: sqlite:FILE, or postgresql://user@host:port/database for nodes of several machines. Default: an SQLite file in the folder", HelpName = "URL" };
        var json = CommonOptions.Json();
        var command = new Command("up", "Start nodes on this machine, and wait until they are there. They go on until 'cluster down'.") { nodes, folder, threads, cluster, json };
        command.SetAction(parsed =>
        {
            var place = ClusterCommand.FolderOf(parsed, folder);
            var up = Start(console, place, parsed.GetValue(nodes) ?? 2, parsed.GetValue(threads) ?? 1, parsed.GetValue(cluster));
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(up));
            }
            else
            {
                ClusterRenderer.Write(console.Output, up);
                console.Output.Flush();
                var suffix = parsed.GetValue(cluster) is null && place.Path == ClusterFolder.Default ? "" : ClusterOptions.Suffix(up.Cluster, up.Cluster);
                console.WriteNote($"go on with: trapline run FILE --cluster {ShellWord.Quote(up.Cluster)}");
                console.WriteNote($"what it does: trapline cluster status{suffix}; its end: trapline cluster down{(place.Path == ClusterFolder.Default ? "" : $" --dir {ShellWord.Quote(place.Path)}")}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static ClusterUp Start(HostConsole console, ClusterFolder folder, int nodes, int threads, string? url)
    {
        var left = folder.Nodes();
        if (left.FirstOrDefault(node => node.IsAlive) is { } running)
        {
            var dir = folder.Path == ClusterFolder.Default ? "" : $" --dir {ShellWord.Quote(folder.Path)}";
            throw new CommandException(ExitCodes.Usage, $"a cluster of {left.Count(node => node.IsAlive)} nodes runs in {folder.Path} already ({running.Name} is process {running.Process!.Id}): 'trapline cluster down{dir}' ends it; another one needs another --dir");
        }

        folder.Create();
        var cluster = url ?? folder.Url;
        using var coordination = Coordinations.Open(cluster);
        var before = coordination.Members().Select(member => member.Id).DefaultIfEmpty().Max();
        using var starting = new CancellationTokenSource();
        using var signals = new InterruptSignals(starting.Cancel, "and ending the nodes that were started", console, decides: true);
        var started = new List<LocalNode>();
        try
        {
            foreach (var name in ClusterFolder.Names(nodes))
            {
                var node = DetachedNodes.Start(folder, name, cluster, threads);
                started.Add(node);
                folder.Write(node);
                starting.Token.ThrowIfCancellationRequested();
            }

            var members = NodesJoining.Wait(
                coordination, [.. started.Select(node => node.Name)], before, () => started.FirstOrDefault(node => !node.IsAlive)?.Name, name => LogEnd.Of(folder.Log(name)), starting.Token);
            left.Select(node => node.Name).Except(started.Select(node => node.Name)).ToList().ForEach(folder.Forget);
            return new ClusterUp(coordination.Place, folder.Path, [.. started.Select(node => new ClusterUpNode(node.Name, node.Process!.Id, members.First(member => member.Node.Name == node.Name).Node.Endpoint, folder.Log(node.Name)))]);
        }
        catch
        {
            DetachedNodes.Stop(started, CancellationToken.None);
            started.ForEach(node => folder.Forget(node.Name));
            throw;
        }
    }
}
