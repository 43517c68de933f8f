using System.CommandLine;
using Trapline.Cluster.Coordination;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs drain RUN</c>: the first half of an upgrade: one more checkpoint, and then no node has anything of it.</summary>
internal static class RunsDrainCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var cluster = ClusterOptions.Cluster("Which one");
        var command = new Command("drain", "Cut a run once more and have its nodes give it up, and wait until they have: for an upgrade, or to have the machines back. 'runs resume' goes on with it.") { run, cluster };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = parsed.GetValue(run);
            var status = client.Status(number) ?? throw new CommandException(ExitCodes.Usage, $"there is no run {number} in {client.Place}");
            if (status.Row.Phase != RunPhase.Open)
            {
                throw new CommandException(ExitCodes.Usage, $"run {number} is over: there is nothing to drain");
            }

            client.Drain(number);
            using var waiting = new CancellationTokenSource();
            using var signals = new InterruptSignals(waiting.Cancel, "to wait: the run is drained all the same", console, decides: true);
            new ClusterRun(console, client).Wait(number, waiting.Token);
            status = client.Status(number)!;
            var suffix = ClusterOptions.Suffix(parsed.GetValue(cluster), client.Place);
            var left = status.Jobs.Count(job => job.State == "waiting");
            console.Output.WriteLine(left == 0
                ? $"run {number} was done before it was drained"
                : $"run {number} is drained: {left} of {status.Jobs.Count} variants are left, each at its last checkpoint; 'trapline runs resume {number}{suffix}' goes on with them");
            return ExitCodes.Done;
        });
        return command;
    }
}
