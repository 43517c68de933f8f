using System.CommandLine;
using System.Text.Json;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>How the groups of a run are placed on nodes: by the command line, or else by the scenario.</summary>
/// <param name="Policy">As a scenario writes it; null where whole variants are placed, each on one node.</param>
/// <param name="Nodes">At most so many; null for all.</param>
internal sealed record RunPlacement(string? Policy, int? Nodes)
{
    /// <summary>Of processes that exist for one run alone: they are there to share it.</summary>
    public static readonly string Spread = NameOf(PlacementPolicy.Spread);

    private static readonly IReadOnlyList<string> Known = [.. Enum.GetValues<PlacementPolicy>().Select(NameOf)];

    public static Option<string?> Option() => new("--placement")
    {
        Description = $"With --cluster or --nodes: split each variant over nodes: {string.Join(", ", Known)}. Default: the scenario's placement; without one spread with --nodes, and with --cluster each variant is placed on one node as a whole",
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

    /// <summary>The one place where a scenario's own placement comes in.</summary>
    /// <exception cref="CommandException">The command line names a policy that needs what the scenario does not say.</exception>
    public static RunPlacement Of(RunArguments arguments, Scenario scenario)
    {
        var own = scenario.Placement;
        if (arguments.Placement == NameOf(PlacementPolicy.Explicit) && own is not { Groups.Count: > 0 })
        {
            throw new CommandException(ExitCodes.Usage, $"--placement explicit needs placement.groups in {Quoted.Show(scenario.Path)}, which says where each group goes; choose another policy, or write it");
        }

        return new(arguments.Placement ?? (own is null ? null : NameOf(own.Policy)), arguments.NodeLimit ?? own?.Nodes);
    }

    private static string NameOf(PlacementPolicy policy) => JsonNamingPolicy.CamelCase.ConvertName(policy.ToString());
}
