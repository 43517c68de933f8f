using System.CommandLine;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs resume RUN</c>: the second half of an upgrade: what is left of a run, as another run of this program's build.</summary>
internal static class RunsResumeCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var cluster = ClusterOptions.Cluster("Which one");
        var command = new Command("resume", "Go on with what is left of a run that was drained or stopped, from its checkpoints, as another run: with the build of this program, which nodes of it carry out.") { run, cluster };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = client.Resume(parsed.GetValue(run));
            console.Output.WriteLine($"run {number} goes on with what is left of run {parsed.GetValue(run)}; 'trapline runs attach {number}{ClusterOptions.Suffix(parsed.GetValue(cluster), client.Place)}' follows it");
            return ExitCodes.Done;
        });
        return command;
    }
}
