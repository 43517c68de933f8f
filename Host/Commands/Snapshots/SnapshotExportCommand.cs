using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;
using Trapline.Machines.Text;
using Trapline.Persistence.Format;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot export ID --out FILE</c>: a checkpoint as a file, for another machine.</summary>
internal static class SnapshotExportCommand
{
    /// <summary>No folders for files: what is there would be replaced by a file.</summary>
    private static readonly string[] SystemFolders = ["/dev/", "/proc/", "/sys/"];

    public static Command Create(HostConsole console)
    {
        var id = new Argument<string>("ID") { Description = "Id of a checkpoint, or a beginning that fits it alone" };
        var file = new Option<string>("--out") { Description = $"File to write; by convention it ends in {CheckpointFile.Extension}", HelpName = "FILE", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite FILE if it is there. Default: refuse" };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("export", "Write a checkpoint to a file, for another machine.") { id, file, force, store, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            Check(path);
            using var opened = SnapshotCommand.Existing(parsed.GetRequiredValue(store));
            var checkpoint = opened.Load(parsed.GetRequiredValue(id));
            CheckpointFile.Write(checkpoint, path, parsed.GetValue(force));
            var report = new SnapshotExport(CheckpointFile.IdOf(checkpoint), path, new FileInfo(path).Length);
            console.Output.Write(parsed.GetValue(json) ? ReportJson.Serialize(report) : $"wrote {report.Id} to {path}, {Quantity.Bytes(report.Bytes)}\n");
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Check(string path)
    {
        if (path.Length == 0)
        {
            throw new CommandException(ExitCodes.Usage, "--out is empty; name a file");
        }

        if (FilePlace.IsSource(path) || SystemFolders.Any(folder => Path.GetFullPath(path).StartsWith(folder, StringComparison.Ordinal)))
        {
            throw new CommandException(ExitCodes.Usage, $"--out {Quoted.Show(path)} is no place for a checkpoint; name a file that ends in {CheckpointFile.Extension}");
        }
    }
}
