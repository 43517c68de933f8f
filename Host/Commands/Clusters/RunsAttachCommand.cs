using System.CommandLine;
using Trapline.Cluster.Runs;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs attach RUN</c>: follows a run to its end as the command did that handed it over, or prints what one found that is over.</summary>
internal static class RunsAttachCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var cluster = ClusterOptions.Cluster("Which one");
        var folder = new Option<string?>("--out") { Description = "Folder for report.json, report.html, CSV files and journal.jsonl; made if it is missing. Default: trapline-out/<name of the scenario>", HelpName = "DIR" };
        var json = CommonOptions.Json();
        var details = new Option<bool>("--details") { Description = $"Print every variant in full. Default: only if there are at most {RunArguments.MostVariantsInFull}" };
        var command = new Command("attach", "Follow a run to its end, and print and write its report; also of a run that is over.") { run, cluster, folder, json, details };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = parsed.GetValue(run);
            var status = client.Status(number) ?? throw new RunException(RunFailure.Input, $"there is no run {number} in {client.Place}; 'trapline runs list --all' shows those that there are");
            if (status.Jobs.Select(job => job.Seed).Distinct().Count() > 1)
            {
                throw new CommandException(ExitCodes.Usage, $"run {number} is one of many seeds: its summary is printed by the command that handed it over; 'trapline runs list' shows how far it is");
            }

            using var files = OutputFolder.Open(parsed.GetValue(folder) ?? Path.Combine(OutputFolder.DefaultRoot, status.Row.Name));
            files.RemoveOldReport();
            return new FollowedRun(console, client, number, parsed.GetValue(cluster)).Deliver(files, new ReportDelivery(console, parsed.GetValue(json), parsed.GetValue(details)));
        });
        return command;
    }
}
