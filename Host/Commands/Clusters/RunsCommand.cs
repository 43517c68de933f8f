using System.CommandLine;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>runs …</c>: what is done with runs of a cluster.</summary>
internal static class RunsCommand
{
    public static Command Create(HostConsole console) => new("runs", "List, follow, stop, drain and resume the runs of a cluster; show what was decided about one.")
    {
        RunsListCommand.Create(console),
        RunsAttachCommand.Create(console),
        RunsStopCommand.Create(console),
        RunsDrainCommand.Create(console),
        RunsResumeCommand.Create(console),
        RunsLogCommand.Create(console),
    };
}
