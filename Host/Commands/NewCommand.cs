using System.CommandLine;
using System.Text.RegularExpressions;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Host.Templates;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>new scenario|guest NAME</c>: a commented starting point that runs as it is.</summary>
internal static class NewCommand
{
    public static Command Create(HostConsole console) => new("new", "Write a commented starting point that runs as it is.")
    {
        Kind(console, "scenario", "Write NAME.yaml, its guest, a cost profile and the schema that editors complete from.", StartingPoint.Scenario, "run"),
        Kind(console, "guest", "Write NAME.guest: two vCPUs that send each other interrupts.", StartingPoint.Guest, "validate"),
    };

    private static Command Kind(HostConsole console, string kind, string description, Func<string, string, StartingBoard, StartingPoint> make, string next)
    {
        var name = new Argument<string>("NAME") { Description = "Lower-case letters, digits and dashes, at most 64" };
        var folder = new Option<string>("--dir")
        {
            Description = "Folder to write to; made if it is missing. Default: the current one",
            HelpName = "DIR",
            DefaultValueFactory = _ => "",
        };
        var board = new Option<string?>("--board")
        {
            Description = $"Machine that it is for: {string.Join(" or ", StartingBoard.All.Select(board => board.Name))}. Default: {StartingBoard.All[0].Name}",
            HelpName = "BOARD",
        };
        board.CompletionSources.Add([.. StartingBoard.All.Select(board => board.Name)]);
        var json = CommonOptions.Json();
        var command = new Command(kind, description) { name, board, folder, json };
        command.SetAction(parsed =>
        {
            var text = parsed.GetRequiredValue(name);
            if (!Regex.IsMatch(text, ScenarioFile.NamePattern) || text.EndsWith('\n'))
            {
                throw new CommandException(ExitCodes.Usage, $"{Quoted.Show(text)} is no name for a {kind}: use lower-case letters, digits and dashes, at most 64, the first no dash");
            }

            var start = make(parsed.GetRequiredValue(folder), text, BoardOf(parsed.GetValue(board) ?? StartingBoard.All[0].Name));
            var files = start.Write();
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(files));
                return ExitCodes.Done;
            }

            foreach (var file in files.Created)
            {
                console.Output.WriteLine($"created {file}");
            }

            foreach (var file in files.Kept)
            {
                console.Output.WriteLine($"kept    {file}");
            }

            console.Output.WriteLine();
            console.Output.WriteLine($"try: trapline {next} {files.Created[0]}");
            return ExitCodes.Done;
        });
        return command;
    }

    private static StartingBoard BoardOf(string name)
    {
        var names = StartingBoard.All.Select(board => board.Name).ToList();
        return StartingBoard.All.FirstOrDefault(board => board.Name == name)
            ?? throw new CommandException(ExitCodes.Usage, $"there is no board {Quoted.Show(name)}{Quoted.Suggest(name, names)}; there are {string.Join(" and ", names)}");
    }
}
