using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;
using Trapline.Persistence;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot prune</c>: removes checkpoints that are no longer wanted.</summary>
internal static class SnapshotPruneCommand
{
    public static Command Create(HostConsole console)
    {
        var keep = CommonOptions.Integer("--keep", "Of every run the last N saved stay. Default: 0 with --older-than; else it must be given", 0, int.MaxValue);
        var olderThan = Age.Option("--older-than", "Only what was saved longer ago than this goes, such as 12h or 7d. Default: whatever --keep does not keep");
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be removed, and remove nothing. Default: remove" };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("prune", "Remove checkpoints: all but the last ones of every run, or old ones, or both.") { keep, olderThan, dryRun, store, json };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(keep) is null && parsed.GetValue(olderThan) is null)
            {
                throw new CommandException(ExitCodes.Usage, "trapline snapshot prune needs --keep or --older-than: without both, everything would go");
            }

            var before = parsed.GetValue(olderThan) is { } age ? DateTimeOffset.UtcNow - age : (DateTimeOffset?)null;
            var report = Prune(parsed.GetRequiredValue(store), parsed.GetValue(keep) ?? 0, before, parsed.GetValue(dryRun));
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(report));
            }
            else
            {
                SnapshotsRenderer.Write(console.Output, report);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static SnapshotPruning Prune(string url, int keep, DateTimeOffset? before, bool dryRun)
    {
        using var store = CheckpointStores.OpenExisting(url);
        if (store is null)
        {
            return new(CheckpointStores.Place(url), dryRun, [], 0);
        }

        var stored = store.List();
        var unwanted = Retention.ToDelete(stored, keep, before);
        if (!dryRun && unwanted.Count > 0)
        {
            store.Delete(unwanted);
        }

        return new(store.Place, dryRun, unwanted, stored.Count - unwanted.Count);
    }
}
