using System.CommandLine;
using Trapline.Cluster.Runs.Acts;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;

namespace Trapline.Host.Commands;

/// <summary><c>migrate [DIR]</c>: migrates the VM of a run that goes on in another process, or cancels that.</summary>
internal static class MigrateCommand
{
    public static Command Create(HostConsole console)
    {
        var folder = new Argument<string>("DIR")
        {
            HelpName = "DIR",
            Description = $"The run's --out folder, such as {OutputFolder.DefaultRoot}/migration-demo",
        };
        var cancel = new Option<bool>("--cancel") { Description = "Cancel the migration that goes on: the guest stays where it is. Default: begin one" };
        var json = CommonOptions.Json();
        var command = new Command("migrate", "Migrate the VM of a running simulation to its other host: from the next window on, written to the run's journal before it takes effect.") { folder, cancel, json };
        command.SetAction(parsed =>
        {
            var act = parsed.GetValue(cancel) ? JournalEntry.CancelMigrationAct : JournalEntry.MigrateAct;
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
}
