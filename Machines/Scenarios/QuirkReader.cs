using Trapline.Machines.Quirks;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>Reads a list of names of quirks.</summary>
internal static class QuirkReader
{
    /// <summary>Null if the key is absent or anything in the list is wrong.</summary>
    public static QuirkSet? Read(MappingReader reader, string key)
    {
        if (reader.Find(key) is not { } node)
        {
            return null;
        }

        var path = reader.PathOf(key);
        if (node is not SequenceNode list)
        {
            reader.Errors.Add(node.Position, $"{path} must be a list of names such as [second-bitmap], not {node.Kind}");
            return null;
        }

        var chosen = new Dictionary<string, Quirk>();
        var complete = true;
        foreach (var item in list.Items)
        {
            if (ProblemOf(item, chosen, out var quirk) is { } problem)
            {
                complete = false;
                reader.Errors.Add(item.Position, $"{path} {problem}");
            }
            else
            {
                chosen.Add(quirk!.Row, quirk);
            }
        }

        return complete ? new(chosen.Values) : null;
    }

    private static string? ProblemOf(YamlNode item, Dictionary<string, Quirk> chosen, out Quirk? quirk)
    {
        quirk = null;
        if (item is not ScalarNode { IsNull: false } name)
        {
            return $"has {item.Kind} where a name such as second-bitmap must be";
        }

        quirk = QuirkTable.Find(name.Text);
        if (quirk is null)
        {
            return $"names {Quoted.Show(name.Text)}, which is no quirk{Quoted.Suggest(name.Text, QuirkTable.Names)}; 'trapline quirks' lists them";
        }

        return !chosen.TryGetValue(quirk.Row, out var other) ? null
            : other == quirk ? $"has {Quoted.Show(quirk.Name)} twice; remove one"
            : $"has {Quoted.Show(other.Name)} and {Quoted.Show(quirk.Name)}, which exclude one another; remove one";
    }
}
