using System.CommandLine;
using Trapline.Cluster.Coordination;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Clusters;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs stop RUN</c>: at its next window, as Ctrl-C stops a run of one process; what was found until there is kept.</summary>
internal static class RunsStopCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var cluster = ClusterOptions.Cluster("Which one");
        var json = CommonOptions.Json();
        var command = new Command("stop", "Stop a run at its next window, and wait until it has. What was found until there is kept.") { run, cluster, json };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = parsed.GetValue(run);
            if (client.Status(number) is { Row.Phase: RunPhase.Open })
            {
                client.Stop(number);
                if (client.Members().All(member => member.State != MemberState.Alive || member.Lapsed))
                {
                    console.WriteWarning($"{client.Place} has no node now: the run stops when one joins");
                }
            }

            using var waiting = new CancellationTokenSource();
            using var signals = new InterruptSignals(waiting.Cancel, "to wait: the run stops all the same", console, decides: true);
            new ClusterRun(console, client).Wait(number, waiting.Token);
            var status = client.Status(number)!;
            var stopped = new RunStopped(number, status.Row.Phase.ToString().ToLowerInvariant(), status.Jobs.Count(job => job.State == "done"), status.Jobs.Count);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(stopped));
            }
            else
            {
                Write(console, stopped, ClusterOptions.Suffix(parsed.GetValue(cluster), client.Place));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(HostConsole console, RunStopped stopped, string suffix)
    {
        var kept = stopped.Results == 0 ? "there are no results" : $"results of {stopped.Results} of {stopped.Variants} variants are kept: 'trapline runs attach {stopped.Run}{suffix}' prints them";
        console.Output.WriteLine($"run {stopped.Run} {(stopped.Phase == "stopped" ? "is stopped" : $"was over already: {stopped.Phase}")}; {kept}");
    }
}
