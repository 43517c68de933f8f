using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Host.Reports;
using Trapline.Machines.Costs;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary><c>costs list</c> and <c>costs show PROFILE</c>: what everything costs, how far to trust it, and who says so.</summary>
internal static class CostsCommand
{
    private const string Extension = ".yaml";

    /// <summary>Where profiles are looked for by name, as <c>doctor</c> does.</summary>
    private static readonly string[] Folders = ["costs", Path.Combine("scenarios", "costs")];

    public static Command Create(HostConsole console) => new("costs", "List cost profiles; show one with its ranges, bases and sources.")
    {
        List(console),
        Show(console),
    };

    private static Command List(HostConsole console)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", $"List the cost profiles in {string.Join(" and ", Folders)}.") { json };
        command.SetAction(parsed =>
        {
            var rows = Files().Select(Row).ToList();
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(new CostsList(rows)));
            }
            else
            {
                CostsRenderer.Write(console.Output, rows);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Show(HostConsole console)
    {
        var profile = new Argument<string>("PROFILE") { Description = "Name of a profile, or the path of its file (.yaml)" };
        profile.CompletionSources.Add(_ => [.. Files().Select(file => new System.CommandLine.Completions.CompletionItem(NameOf(file)))]);
        var sources = new Option<bool>("--sources") { Description = "Print the source of every number too. Default: of the published figures alone" };
        var json = CommonOptions.Json();
        var command = new Command("show", "Show a cost profile: values, ranges, bases, factors, paths, published figures.") { profile, sources, json };
        command.SetAction(parsed =>
        {
            var loaded = Load(parsed.GetRequiredValue(profile));
            if (parsed.GetValue(json))
            {
                console.Output.Write(ReportJson.Serialize(CostsReport.Of(loaded)));
            }
            else
            {
                new CostsRenderer(console.Output, console.OutputTerminal).Write(CostsReport.Of(loaded), parsed.GetValue(sources));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static CostProfile Load(string name)
    {
        var path = name.EndsWith(Extension, StringComparison.Ordinal) ? name : Files().FirstOrDefault(file => NameOf(file) == name);
        if (path is null)
        {
            var known = Files().Select(NameOf).ToList();
            var remedy = known.Count == 0 ? $"there is none in {string.Join(" and ", Folders)}" : $"there is {string.Join(", ", known)}";
            throw new CommandException(ExitCodes.Usage, $"there is no cost profile {Quoted.Show(name)}{Quoted.Suggest(name, known)}; {remedy}; or name the path of a file, ending in {Extension}");
        }

        var result = CostProfileLoader.Load(path);
        return result.Profile ?? throw new CommandException(ExitCodes.Usage, string.Join('\n', result.Errors));
    }

    private static CostsListRow Row(string file)
    {
        var result = CostProfileLoader.Load(file);
        return new(NameOf(file), file, result.Errors.Count, result.Profile?.Description ?? "");
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static IEnumerable<string> Files() => Folders.SelectMany(folder =>
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).ToList();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    });
}
