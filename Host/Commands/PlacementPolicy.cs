using System.CommandLine;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>How the groups of a run are placed on nodes: by the command line, or else by the scenario.</summary>
internal static class PlacementPolicy
{
    /// <summary>Of processes that exist for one run alone: they are there to share it.</summary>
    public const string Spread = "spread";

    private static readonly IReadOnlyList<string> Known = [Spread, "pack", "host", "explicit", "traffic"];

    public static Option<string?> Option() => new("--placement")
    {
        Description = "With --cluster or --nodes: split each variant over nodes: spread, pack, host, explicit, traffic. Default: the scenario's placement; without one spread with --nodes, and with --cluster each variant is placed on one node as a whole",
        HelpName = "POLICY",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!Known.Contains(text))
            {
                result.AddError($"--placement is {Quoted.Show(text)}{Quoted.Suggest(text, Known)}; it must be one of {string.Join(", ", Known)}");
            }

            return text;
        },
    };

    /// <summary>The one place where a scenario's own placement comes in; null where whole variants are placed.</summary>
    public static string? Of(RunArguments arguments, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return arguments.Placement;
    }
}
