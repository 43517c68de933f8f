using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Placements;

/// <summary>Reads the key <c>placement</c>; whether its groups exist is known once the variants are.</summary>
internal static class PlacementReader
{
    private const string GroupsKey = "groups";
    private const string LimitKey = "groupsPerNode";

    /// <summary>Patterns are tried against each group of each variant.</summary>
    private const int MostRules = 1_000;
    private const int LongestPattern = 64;

    /// <summary>Null where the scenario has no such key, or it is wrong.</summary>
    public static PlacementSection? Read(MappingReader root)
    {
        if (root.Section(PlacementSection.Key, typeof(PlacementSection)) is not { } reader)
        {
            return null;
        }

        var policy = MachineChange.Enumerated<PlacementPolicy>(reader, "policy");
        var nodes = (int?)reader.Integer("nodes", 1, PlacementSection.MaximumNodes);
        var limit = (int?)reader.Integer(LimitKey, 1, int.MaxValue);
        var rules = Rules(reader, nodes ?? PlacementSection.MaximumNodes);
        if (policy is not { } known)
        {
            return null;
        }

        CheckBelongs(reader, GroupsKey, known == PlacementPolicy.Explicit, "explicit");
        CheckBelongs(reader, LimitKey, known == PlacementPolicy.Pack, "pack");
        return rules is null ? null : new() { Policy = known, Nodes = nodes, GroupsPerNode = limit, Groups = rules };
    }

    private static void CheckBelongs(MappingReader reader, string key, bool isItsPolicy, string policy)
    {
        var entry = reader.Node.Find(key);
        if (entry is not null && !isItsPolicy)
        {
            reader.Errors.Add(entry.Key.Position, $"{reader.PathOf(key)} is for policy: {policy}; remove it or take that policy");
        }
        else if (entry is null && isItsPolicy)
        {
            reader.Errors.Add(reader.Node.Position, $"the key '{key}' is missing in {PlacementSection.Key}; with policy: {policy} add it");
        }
    }

    /// <summary>Null after an error.</summary>
    private static List<PlacementRule>? Rules(MappingReader reader, int nodes)
    {
        var node = reader.Find(GroupsKey);
        if (node is not MappingNode mapping)
        {
            if (node is not null)
            {
                reader.Errors.Add(node.Position, $"{reader.PathOf(GroupsKey)} must be a mapping of groups to nodes, such as {{machine0.*: 0}}, not {node.Kind}");
            }

            return node is null ? [] : null;
        }

        if (mapping.Entries.Count is 0 or > MostRules)
        {
            reader.Errors.Add(node.Position, $"{reader.PathOf(GroupsKey)} must have 1 to {MostRules} entries, not {mapping.Entries.Count}");
            return null;
        }

        var rules = new List<PlacementRule>();
        foreach (var (pattern, value) in mapping.Entries)
        {
            var path = $"{reader.PathOf(GroupsKey)}.{pattern.Text}";
            if (pattern.Text.Length is 0 or > LongestPattern)
            {
                reader.Errors.Add(pattern.Position, $"{Quoted.Show(pattern.Text)} cannot be the name of a group; a name or pattern has 1 to {LongestPattern} characters");
            }
            else if (value is not ScalarNode number)
            {
                reader.Errors.Add(value.Position, $"{path} must be the number of a node, not {value.Kind}");
            }
            else if (ScalarReader.Integer(number, path, 0, nodes - 1, reader.Errors) is { } known)
            {
                rules.Add(new(pattern.Text, (int)known) { Position = pattern.Position });
            }
        }

        return rules.Count == mapping.Entries.Count ? rules : null;
    }
}
