using System.Text;
using Trapline.Host.Commands;
using Trapline.Host.Reports;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;

namespace Trapline.Host.Templates;

/// <summary>The files of a new scenario or guest. Nothing that exists is overwritten.</summary>
internal sealed class StartingPoint
{
    private const string NamePlaceholder = "$NAME";

    /// <summary>New in name: they must not exist.</summary>
    private readonly List<(string Path, string Text)> _own = [];

    /// <summary>Common to the scenarios of a folder: kept where they are there.</summary>
    private readonly List<(string Path, string Text)> _common = [];

    public static StartingPoint Scenario(string folder, string name, StartingBoard board)
    {
        var start = new StartingPoint();
        start._own.Add((Path.Combine(folder, name + ".yaml"), Resource(board.Scenario).Replace(NamePlaceholder, name, StringComparison.Ordinal)));
        start._own.Add((Path.Combine(folder, "guests", name + ".guest"), Resource(board.Guest)));
        start._common.Add((Path.Combine(folder, "costs", board.CostProfile), Resource(board.CostProfile)));
        start._common.Add((Path.Combine(folder, ScenarioSchema.FileName), ScenarioSchema.Generate()));
        return start;
    }

    public static StartingPoint Guest(string folder, string name, StartingBoard board)
    {
        var start = new StartingPoint();
        start._own.Add((Path.Combine(folder, name + ".guest"), Resource(board.Guest)));
        return start;
    }

    /// <exception cref="CommandException">A file exists, or the disk fails.</exception>
    public CreatedFiles Write()
    {
        // Looked for first, so that nothing is written where one of them is in the way.
        foreach (var (path, _) in _own)
        {
            if (Path.Exists(path))
            {
                throw Exists(path);
            }
        }

        List<string> created = [];
        List<string> kept = [];
        foreach (var (path, text) in _own)
        {
            Create(path, text);
            created.Add(path);
        }

        foreach (var (path, text) in _common)
        {
            if (Path.Exists(path))
            {
                kept.Add(path);
                continue;
            }

            Create(path, text);
            created.Add(path);
        }

        return new(created, kept);
    }

    private static void Create(string path, string text)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            // CreateNew: whoever made the file in the meantime keeps it.
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException) when (File.Exists(path) && new FileInfo(path).Length > 0)
        {
            throw Exists(path);
        }
        catch (Exception failure) when (DiskFailure.Is(failure))
        {
            throw new CommandException(ExitCodes.Environment, $"{Quoted.Show(path)} cannot be written: {DiskFailure.Reason(failure)}; choose another folder with --dir");
        }
    }

    private static CommandException Exists(string path)
        => new(ExitCodes.Usage, $"{Quoted.Show(path)} exists already and is left as it is; choose another name, or another folder with --dir");

    private static string Resource(string name)
    {
        using var stream = typeof(StartingPoint).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from the build");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
