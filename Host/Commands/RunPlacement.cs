using System.CommandLine;
using System.Text.Json;
using Trapline.Machines.Scenarios;
using Trapline.Machines.Scenarios.Placements;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>How the groups of a run are placed on nodes: by the command line, or else by the scenario.</summary>
/// <param name="Policy">Instead of the scenario's own; null for that, and where it has none whole variants are placed, each on one node.</param>
/// <param name="Nodes">At most so many; null for all.</param>
internal sealed record RunPlacement(PlacementPolicy? Policy, int? Nodes)
{
    private static readonly IReadOnlyList<string> Known = [.. Enum.GetValues<PlacementPolicy>().Select(NameOf)];

    public static Option<PlacementPolicy?> Option() => new("--placement")
    {
        Description = $"With --cluster or --nodes: split each variant over nodes: {string.Join(", ", Known)}. Default: the scenario's placement; without one spread with --nodes, and with --cluster each variant is placed on one node as a whole",
        HelpName = "POLICY",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var index = Known.ToList().IndexOf(text);
            if (index < 0)
            {
                result.AddError($"--placement is {Quoted.Show(text)}{Quoted.Suggest(text, Known)}; it must be one of {string.Join(", ", Known)}");
                return null;
            }

            return Enum.GetValues<PlacementPolicy>()[index];
        },
    };

    /// <summary>The one place where a scenario's own placement comes in.</summary>
    public static RunPlacement Of(RunArguments arguments, Scenario scenario) => new(arguments.Placement, arguments.NodeLimit ?? scenario.Placement?.Nodes);

    /// <summary>Of processes that exist for one run alone: they are there to share it.</summary>
    public RunPlacement OrSpread(Scenario scenario) => this with { Policy = Policy ?? (scenario.Placement is null ? PlacementPolicy.Spread : null) };

    private static string NameOf(PlacementPolicy policy) => JsonNamingPolicy.CamelCase.ConvertName(policy.ToString());
}
