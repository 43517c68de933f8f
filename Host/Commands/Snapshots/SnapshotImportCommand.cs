using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;
using Trapline.Persistence;
using Trapline.Persistence.Format;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot import FILE...</c>: takes exported checkpoints into a store.</summary>
internal static class SnapshotImportCommand
{
    public static Command Create(HostConsole console)
    {
        var files = new Argument<string[]>("FILE") { Description = "Files that 'snapshot export' wrote", Arity = ArgumentArity.OneOrMore };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("import", "Take exported checkpoints into a store: all of them, or none if a file is not whole.") { files, store, json };
        command.SetAction(parsed =>
        {
            var report = Import(parsed.GetRequiredValue(files), parsed.GetRequiredValue(store));
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(report));
                return ExitCodes.Done;
            }

            foreach (var row in report.Files)
            {
                console.Output.WriteLine($"{(row.Added ? "imported" : "kept    ")} {row.Id} {row.File}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static SnapshotImport Import(string[] files, string url)
    {
        // One at a time, so that memory holds one. What is wrong with any is found before the store is made or touched.
        foreach (var file in files)
        {
            CheckpointFile.Read(file);
        }

        using var store = CheckpointStores.Open(url);
        var known = store.List().Select(stored => stored.Id).ToHashSet(StringComparer.Ordinal);
        var rows = new List<SnapshotImportRow>();
        foreach (var file in files)
        {
            var id = store.Save(CheckpointFile.Read(file));
            rows.Add(new(file, id, known.Add(id)));
        }

        return new(store.Place, rows);
    }
}
