using System.CommandLine;
using System.CommandLine.Parsing;
using Trapline.Host.Rendering;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageErrors
{
    public static void Write(ParseResult parsed, HostConsole console)
    {
        var command = parsed.CommandResult.Command;
        var name = FullName(command);
        var errors = Messages(parsed, command, name);
        foreach (var error in errors)
        {
            console.WriteError(error);
        }

        console.WriteNote($"'{name} --help' lists what there is");
    }

    private static List<string> Messages(ParseResult parsed, Command command, string name)
    {
        // An option that is not known is the cause; that its value is then an argument too many is only the consequence,
        // and so is a missing file.
        var options = parsed.UnmatchedTokens.Where(token => token.StartsWith('-')).ToList();
        var unknown = options.Count > 0 ? options : [.. parsed.UnmatchedTokens.Take(1)];
        return unknown.Count > 0 ? [.. unknown.Select(token => Unknown(token, command, name))] : [.. parsed.Errors.Select(Message).Distinct()];
    }

    private static string Unknown(string token, Command command, string name)
    {
        if (token.StartsWith('-'))
        {
            var option = token.Split('=', 2)[0];
            return $"{name} has no option {Quoted.Show(option)}{Quoted.Suggest(option, Options(command))}";
        }

        return command.Subcommands.Count > 0
            ? $"{name} has no command {Quoted.Show(token)}{Quoted.Suggest(token, command.Subcommands.Select(known => known.Name))}"
            : $"{Quoted.Show(token)} is one argument too many for {name}";
    }

    private static string Message(ParseError error)
    {
        switch (error.SymbolResult)
        {
            case CommandResult { Command: var command } when command.Subcommands.Count > 0:
                return $"{FullName(command)} needs a command: {string.Join(" or ", command.Subcommands.Select(known => known.Name))}";
            case ArgumentResult { Tokens.Count: 0, Argument: var argument, Parent: CommandResult { Command: var command } }:
                return $"{FullName(command)} needs {argument.Name}";
            case CommandResult { Command: var command } when command.Arguments.Count > 0:
                return error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)
                    ? $"{FullName(command)} needs {command.Arguments[0].Name}"
                    : error.Message;
            default:
                return error.Message;
        }
    }

    private static IEnumerable<string> Options(Command command)
    {
        for (Command? at = command; at is not null; at = at.Parents.OfType<Command>().FirstOrDefault())
        {
            foreach (var option in at.Options.Where(option => !option.Hidden && (at == command || option.Recursive)))
            {
                yield return option.Name;
            }
        }
    }

    private static string FullName(Command command)
        => command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{FullName(parent)} {command.Name}" : "trapline";
}
