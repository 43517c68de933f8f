using System.CommandLine;
using Trapline.Host.Rendering;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>move RUN</c>: groups to another node, between two windows: no virtual time passes, the digest stays.</summary>
internal static class MoveCommand
{
    public static Command Create(HostConsole console)
    {
        var run = ClusterOptions.Run();
        var groups = new Option<string>("--groups") { Description = "Which, by names and ranges: vcpu0..vcpu63,board; 'validate' and the report name them. No default", HelpName = "GROUPS", Required = true };
        var to = new Option<string>("--to") { Description = "Name of a node that takes part in the run. No default", HelpName = "NODE", Required = true };
        var cluster = ClusterOptions.Cluster("Which one");
        var json = CommonOptions.Json();
        var command = new Command("move", "Move groups of a run that goes on to another of its nodes. No virtual time passes; results do not depend on it.") { run, groups, to, cluster, json };
        command.SetAction(parsed =>
        {
            using var client = ClusterOptions.Client(parsed, cluster);
            var number = parsed.GetValue(run);
            return new RunRequests(console, number, parsed.GetValue(json)).Do(waiting => client.Move(number, parsed.GetValue(groups)!, parsed.GetValue(to)!, waiting));
        });
        return command;
    }
}
