using System.CommandLine;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>cluster …</c>: nodes of this machine, and what a cluster does.</summary>
internal static class ClusterCommand
{
    public static Command Create(HostConsole console) => new("cluster", "Start nodes on this machine, end them, see what a cluster does.")
    {
        ClusterUpCommand.Create(console),
        ClusterDownCommand.Create(console),
        ClusterStatusCommand.Create(console),
    };

    public static Option<string> Folder() => new("--dir")
    {
        Description = $"Folder for database, logs and numbers of processes. Default: {ClusterFolder.Default}",
        HelpName = "DIR",
        DefaultValueFactory = _ => ClusterFolder.Default,
    };

    /// <exception cref="CommandException">It is empty.</exception>
    public static ClusterFolder FolderOf(ParseResult parsed, Option<string> option) => parsed.GetRequiredValue(option) is { Length: > 0 } path
        ? new ClusterFolder(path)
        : throw new CommandException(ExitCodes.Usage, "--dir is empty; name a folder, or leave the option out");
}
