using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Reports.Snapshots;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot show ID [ACTOR]</c>: the actors in a checkpoint, or the registers of some of them.</summary>
internal static class SnapshotShowCommand
{
    public static Command Create(HostConsole console)
    {
        var id = new Argument<string>("ID") { Description = "Id of a checkpoint, or a beginning that fits one alone" };
        var actor = new Argument<string?>("ACTOR") { Description = "Actors whose rows are listed, such as vcpu3, eiointc0, 'ipi*' or group/board. Default: a line for each actor", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Rows that are 0 too. Default: left out in text, never in JSON" };
        var store = CommonOptions.Store();
        var json = CommonOptions.Json();
        var command = new Command("show", "Show the state in a checkpoint by device and register name.") { id, actor, all, store, json };
        command.SetAction(parsed =>
        {
            using var opened = SnapshotCommand.Existing(parsed.GetRequiredValue(store));
            var pattern = parsed.GetValue(actor);
            var (row, actors) = SnapshotStateCommand.Read(opened, parsed.GetRequiredValue(id), pattern);
            var shown = new SnapshotShow(row, [.. actors.Select(state => SnapshotActor.Of(state, withRows: pattern is not null))]);
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(shown));
            }
            else
            {
                SnapshotStateRenderer.Write(console.Output, shown, parsed.GetValue(all));
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
