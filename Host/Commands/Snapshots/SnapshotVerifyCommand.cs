using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;
using Trapline.Persistence;
using Trapline.Persistence.Identity;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot verify [ID...]</c>: reads checkpoints whole and checks every part against its SHA-256.</summary>
internal static class SnapshotVerifyCommand
{
    public static Command Create(HostConsole console)
    {
        var ids = new Argument<string[]>("ID") { Description = "Ids of checkpoints, or beginnings that fit one alone. Default: all", Arity = ArgumentArity.ZeroOrMore };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("verify", "Read checkpoints whole and check every part; exit code 1 if one was altered.") { ids, store, json };
        command.SetAction(parsed =>
        {
            var report = Verify(parsed.GetValue(ids) ?? [], parsed.GetRequiredValue(store));
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(report));
            }
            else
            {
                SnapshotsRenderer.Write(console.Output, console.OutputTerminal, report);
            }

            return report.Verified ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static SnapshotVerification Verify(string[] wanted, string url)
    {
        using var store = wanted.Length > 0 ? SnapshotCommand.Existing(url) : CheckpointStores.OpenExisting(url);
        if (store is null)
        {
            return new(CheckpointStores.Place(url), true, []);
        }

        var stored = store.List();
        var ids = wanted.Length > 0 ? wanted.Select(id => CheckpointIds.Find(stored, id, store.Place).Id) : stored.Select(checkpoint => checkpoint.Id);
        List<SnapshotVerificationRow> rows = [.. ids.Distinct().ToList().Select(id => new SnapshotVerificationRow(id, Problem(store, id)))];
        return new(store.Place, rows.All(row => row.Problem is null), rows);
    }

    private static string? Problem(ICheckpointStore store, string id)
    {
        try
        {
            store.Load(id);
            return null;
        }
        catch (CheckpointException failure) when (failure.Failure == CheckpointFailure.Input)
        {
            return failure.Message;
        }
    }
}
