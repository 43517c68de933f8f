using System.CommandLine;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Rendering.Clusters;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs log RUN</c>: every commit, with who made it in which epoch.</summary>
internal static class RunsLogCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var cluster = ClusterOptions.Cluster("Which one");
        var json = CommonOptions.Json();
        var command = new Command("log", "Show all that was decided about a run: who held it, in which epoch, what became of losses.") { run, cluster, json };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = parsed.GetValue(run);
            if (client.Status(number) is null)
            {
                throw new RunException(RunFailure.Input, $"there is no run {number} in {client.Place}; 'trapline runs list --all' shows those that there are");
            }

            var names = new MemberNames(client.Members());
            var log = new RunLog(number, [.. client.Commits(number).Select(commit => new RunLogRow(commit.At, commit.Epoch, commit.Revision, names.WithGeneration(commit.Holder), commit.What))]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(log));
            }
            else
            {
                ClusterRenderer.Write(console.Output, log);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
