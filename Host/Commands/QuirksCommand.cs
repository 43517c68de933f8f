using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Quirks;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>quirks</c> and <c>quirks NAME</c>: bugs that can be switched on, whose they were, and what finds them.</summary>
internal static class QuirksCommand
{
    public static Command Create(HostConsole console)
    {
        var name = new Argument<string?>("NAME")
        {
            HelpName = "NAME",
            Description = "A quirk: print all that is known of it. Default: list all",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => QuirkTable.Names.Select(each => new System.CommandLine.Completions.CompletionItem(each)));
        var details = new Option<bool>("--details") { Description = "Print all that is known of every quirk. Default: of NAME alone" };
        var json = CommonOptions.Json();
        var command = new Command("quirks", "List the bugs that machine.quirks switches on; show one.") { name, details, json };
        command.SetAction(parsed =>
        {
            var rows = Chosen(parsed.GetValue(name)).Select(QuirkRow.Of).ToList();
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(new QuirksList(rows)));
            }
            else if (parsed.GetValue(name) is null && !parsed.GetValue(details))
            {
                QuirksRenderer.WriteList(console.Output, rows);
            }
            else
            {
                new QuirksRenderer(console.Output, console.OutputTerminal).Write(rows);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static IReadOnlyList<Quirk> Chosen(string? name)
    {
        if (name is null)
        {
            return QuirkTable.All;
        }

        return QuirkTable.Find(name) is { } quirk
            ? [quirk]
            : throw new CommandException(ExitCodes.Usage, $"there is no quirk {Quoted.Show(name)}{Quoted.Suggest(name, QuirkTable.Names)}; 'trapline quirks' lists them");
    }
}
