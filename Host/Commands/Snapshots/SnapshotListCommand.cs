using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;
using Trapline.Persistence;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot list</c>: what a store has. It makes none.</summary>
internal static class SnapshotListCommand
{
    public static Command Create(HostConsole console)
    {
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("list", "List checkpoints, the oldest first.") { store, json };
        command.SetAction(parsed =>
        {
            var url = parsed.GetRequiredValue(store);
            using var opened = CheckpointStores.OpenExisting(url);
            var list = new SnapshotList(CheckpointStores.Place(url), opened is not null, [.. (opened?.List() ?? []).Select(SnapshotRow.Of)]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(list));
            }
            else
            {
                SnapshotsRenderer.Write(console.Output, list);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
