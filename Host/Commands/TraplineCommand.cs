using System.CommandLine;
using System.CommandLine.Help;
using Trapline.Host.Commands.Clusters;
using Trapline.Host.Commands.Snapshots;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands;

/// <summary>The command line as a whole.</summary>
internal static class TraplineCommand
{
    private const string Description =
        "Simulates interrupt virtualisation: vCPUs, interrupt controllers and the kernel boundary of a virtual machine as actors in virtual time. "
        + "The same scenario and seed give the same run, always.\n\n"
        + "Exit codes: 0 done and as expected; 1 an expectation, assertion or comparison failed; 2 wrong usage or input; 3 the environment failed; 130 interrupted.";

    public static RootCommand Create(HostConsole console, CommandServices services)
    {
        var root = new RootCommand(Description)
        {
            RunCommand.Create(console, services),
            ReplayCommand.Create(console),
            MigrateCommand.Create(console),
            MoveCommand.Create(console),
            NodeCommand.Create(console),
            ClusterCommand.Create(console),
            RunsCommand.Create(console),
            ValidateCommand.Create(console, services),
            NewCommand.Create(console),
            SnapshotCommand.Create(console),
            CostsCommand.Create(console),
            QuirksCommand.Create(console),
            DoctorCommand.Create(console),
            CompletionCommand.Create(console),
        };
        var help = new HelpAction { MaxWidth = Terminal.LayoutWidth };
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = help;
        // "/h" and "/?" are paths here.
        foreach (var alias in option.Aliases.Where(alias => alias.StartsWith('/')).ToList())
        {
            option.Aliases.Remove(alias);
        }

        // "trapline" alone.
        root.SetAction(help.Invoke);
        return root;
    }
}
