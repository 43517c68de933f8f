using System.Reflection;

namespace Trapline.Host.Commands;

/// <summary>The command line that starts this program once more, as the second node of the same run.</summary>
internal static class ChildCommand
{
    public static IReadOnlyList<string> For(RunArguments arguments)
        => For(arguments, Environment.ProcessPath, Assembly.GetEntryAssembly()?.Location);

    /// <param name="arguments">The run; of it only what both nodes must agree on is passed on.</param>
    /// <param name="processPath">The executable of this process: the program itself, or <c>dotnet</c>.</param>
    /// <param name="entryAssembly">The program's dll; needed under <c>dotnet</c>.</param>
    public static IReadOnlyList<string> For(RunArguments arguments, string? processPath, string? entryAssembly)
    {
        if (string.IsNullOrEmpty(processPath))
        {
            throw new CommandException(ExitCodes.Environment, "the path of this program is unknown, so a second process cannot be started; start both by hand with --node, --listen and --peer");
        }

        List<string> command = [processPath];
        if (Path.GetFileNameWithoutExtension(processPath) == "dotnet" && !string.IsNullOrEmpty(entryAssembly))
        {
            command.Add(entryAssembly);
        }

        command.Add("run");
        // What starts with a dash would be read as an option.
        command.Add(arguments.File!.StartsWith('-') ? Path.Combine(".", arguments.File) : arguments.File);
        Add(command, "--seed", arguments.Seed);
        Add(command, "--only", arguments.Only);
        Add(command, "--until", arguments.Until);
        Add(command, "--window", arguments.Window);
        Add(command, "--threads", arguments.Threads);
        if (arguments.Smoke)
        {
            command.Add("--smoke");
        }

        if (!arguments.Invariants)
        {
            command.Add("--no-invariants");
        }

        foreach (var fault in arguments.Faults)
        {
            Add(command, "--fault", fault);
        }

        command.Add("--quiet");
        return command;
    }

    private static void Add(List<string> command, string option, object? value)
    {
        if (value is not null)
        {
            command.Add(option);
            command.Add(value.ToString()!);
        }
    }
}
