namespace Trapline.Host.Commands;

/// <summary>Ends a command with an exit code; the message is for the user.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(int exitCode, string message)
        : base(message)
    {
        ExitCode = exitCode;
    }

    public CommandException()
        : this(ExitCodes.Environment, "the command failed")
    {
    }

    public CommandException(string message)
        : this(ExitCodes.Environment, message)
    {
    }

    public CommandException(string message, Exception inner)
        : base(message, inner)
    {
        ExitCode = ExitCodes.Environment;
    }

    public int ExitCode { get; }
}
