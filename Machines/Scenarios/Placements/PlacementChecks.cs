using Trapline.Machines.Boards;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Placements;

/// <summary>What is wrong with a placement, known when the machines of all variants are.</summary>
internal static class PlacementChecks
{
    public static void Check(PlacementSection placement, IReadOnlyList<ScenarioVariant> variants, TextPosition position, ErrorList errors)
    {
        var shapes = variants.DistinctBy(variant => (variant.Vcpus, variant.MachineCount, variant.Migrations is null)).ToArray();
        var names = shapes.Select(NamesOf).ToArray();
        for (var shape = 0; shape < shapes.Length; shape++)
        {
            if (placement.Policy == PlacementPolicy.Pack && placement.NodesOf(names[shape].Length) is { } needed && needed > (placement.Nodes ?? PlacementSection.MaximumNodes))
            {
                errors.Add(position, $"{PlacementSection.Key}: {names[shape].Length} groups of the variant {shapes[shape].Name} fill {needed} nodes of {placement.GroupsPerNode} groups, but there are {placement.Nodes ?? PlacementSection.MaximumNodes}; raise groupsPerNode or nodes");
                return;
            }
        }

        if (placement.Policy == PlacementPolicy.Explicit)
        {
            CheckRules(placement.Groups, shapes, names, position, errors);
        }
    }

    private static string[] NamesOf(ScenarioVariant variant) => [.. GroupNames.All(variant.Vcpus, variant.Machines?.Count, variant.Migrations is not null)];

    private static void CheckRules(IReadOnlyList<PlacementRule> rules, ScenarioVariant[] shapes, string[][] names, TextPosition position, ErrorList errors)
    {
        foreach (var rule in rules)
        {
            if (!Array.Exists(names, each => Array.Exists(each, rule.Fits)))
            {
                errors.Add(rule.Position, $"{PlacementSection.Key}.groups: there is no group {Quoted.Show(rule.Pattern)}{Quoted.Suggest(rule.Pattern, names[^1])}");
            }
        }

        for (var shape = 0; shape < shapes.Length; shape++)
        {
            if (Array.Find(names[shape], name => !rules.Any(rule => rule.Fits(name))) is { } left)
            {
                errors.Add(position, $"{PlacementSection.Key}.groups has no node for the group {left} of the variant {shapes[shape].Name}; add it, or '*' for all that are left");
                return;
            }
        }
    }
}
