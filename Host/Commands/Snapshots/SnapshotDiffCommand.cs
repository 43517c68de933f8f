using System.CommandLine;
using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot diff A B [ACTOR]</c>: the rows in which two checkpoints differ; exit codes are those of diff(1).</summary>
internal static class SnapshotDiffCommand
{
    public static Command Create(HostConsole console)
    {
        var a = new Argument<string>("A") { Description = "Id of a checkpoint, or a beginning that fits one alone" };
        var b = new Argument<string>("B") { Description = "Id of another one" };
        var actor = new Argument<string?>("ACTOR") { Description = "Actors to compare, such as vcpu3 or 'ipi*'. Default: all", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = $"All rows that differ. Default: the first {SnapshotStateRenderer.MostRows} of each actor in text, all in JSON" };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("diff", "Compare two checkpoints by device and register name; exit code 1 if they differ.") { a, b, actor, all, store, json };
        command.SetAction(parsed =>
        {
            using var opened = SnapshotCommand.Existing(parsed.GetRequiredValue(store));
            var pattern = parsed.GetValue(actor);
            var (rowA, actorsA) = SnapshotStateCommand.Read(opened, parsed.GetRequiredValue(a), pattern);
            var (rowB, actorsB) = SnapshotStateCommand.Read(opened, parsed.GetRequiredValue(b), pattern);
            var diff = new SnapshotDiff(rowA, rowB, [.. Compare(actorsA, actorsB)]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(diff));
            }
            else
            {
                SnapshotStateRenderer.Write(console.Output, diff, parsed.GetValue(all));
            }

            return diff.Actors.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>Those that differ, in the order of A; then those that B alone has.</summary>
    private static IEnumerable<SnapshotDiffActor> Compare(IReadOnlyList<ActorState> a, IReadOnlyList<ActorState> b)
    {
        var byName = b.ToDictionary(actor => actor.Name, StringComparer.Ordinal);
        foreach (var one in a)
        {
            byName.Remove(one.Name, out var other);
            if (Compare(one.Name, one.Rows, other?.Rows ?? []) is { } difference)
            {
                yield return difference;
            }
        }

        foreach (var other in b.Where(actor => byName.ContainsKey(actor.Name)))
        {
            if (Compare(other.Name, [], other.Rows) is { } difference)
            {
                yield return difference;
            }
        }
    }

    private static SnapshotDiffActor? Compare(string name, IReadOnlyList<KeyValuePair<string, ulong>> a, IReadOnlyList<KeyValuePair<string, ulong>> b)
    {
        var others = b.ToDictionary(StringComparer.Ordinal);
        var rows = new List<SnapshotDiffRow>();
        foreach (var (row, value) in a)
        {
            ulong? other = others.Remove(row, out var found) ? found : null;
            if (other != value)
            {
                rows.Add(new(row, SnapshotStateCommand.Value(value), other is { } known ? SnapshotStateCommand.Value(known) : null));
            }
        }

        rows.AddRange(b.Where(row => others.ContainsKey(row.Key)).Select(row => new SnapshotDiffRow(row.Key, null, SnapshotStateCommand.Value(row.Value))));
        return rows.Count == 0 ? null : new(name, Math.Max(a.Count, b.Count), rows.Count, rows);
    }
}
