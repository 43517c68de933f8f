using System.CommandLine;
using System.Globalization;
using Trapline.Cluster.Clients;
using Trapline.Cluster.Runs.Acts;
using Trapline.Host.Commands.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>migrate DIR|RUN</c>: migrates the VM of a run that goes on in another process or on a cluster, or cancels that.</summary>
internal static class MigrateCommand
{
    public static Command Create(HostConsole console)
    {
        var folder = new Argument<string>("DIR|RUN")
        {
            HelpName = "DIR|RUN",
            Description = $"The run's --out folder, such as {OutputFolder.DefaultRoot}/migration-demo; with --cluster the run's number",
        };
        var cancel = new Option<bool>("--cancel") { Description = "Cancel the migration that goes on: the guest stays where it is. Default: begin one" };
        var cluster = new Option<string?>("--cluster") { Description = "The run is one of this cluster: sqlite:FILE, or postgresql://user@host:port/database. Default: it is one of another process of this machine", HelpName = "URL" };
        var json = CommonOptions.Json();
        var command = new Command("migrate", "Migrate the VM of a running simulation to its other host: from the next window on, written to the run's journal before it takes effect.") { folder, cancel, cluster, json };
        command.SetAction(parsed =>
        {
            var act = parsed.GetValue(cancel) ? JournalEntry.CancelMigrationAct : JournalEntry.MigrateAct;
            if (parsed.GetValue(cluster) is { } url)
            {
                using var client = new ClusterClient(ClusterOptions.Open(url));
                var run = RunNumber(parsed.GetValue(folder)!);
                return new RunRequests(console, run, parsed.GetValue(json)).Do(waiting => client.Act(run, act, waiting));
            }

            using var interruption = new CancellationTokenSource();
            using var signals = new InterruptSignals(interruption.Cancel, "at once", console, decides: true);
            var answer = ControlClient.Ask(parsed.GetValue(folder)!, act, interruption.Token);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(answer));
            }
            else if (answer.Accepted)
            {
                console.Output.WriteLine($"{act} of variant '{answer.Variant}' at {answer.AtNs} ns of virtual time");
            }

            return answer.Accepted ? ExitCodes.Done : throw new CommandException(ExitCodes.Usage, answer.Reason);
        });
        return command;
    }

    private static long RunNumber(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var run) && run > 0
        ? run
        : throw new CommandException(ExitCodes.Usage, $"{Quoted.Show(text)} is no number of a run, as --cluster needs it; 'trapline runs list' shows them");
}
