using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios.Placements;

/// <summary>Where groups go that a pattern fits.</summary>
/// <param name="Pattern">A name in which each <c>*</c> stands for any text.</param>
/// <param name="Node">From 0.</param>
public sealed record PlacementRule(string Pattern, int Node)
{
    /// <summary>Where the pattern stands in the file.</summary>
    internal TextPosition Position { get; init; }

    /// <summary>Whether a group of that name is meant.</summary>
    public bool Fits(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var parts = Pattern.Split('*');
        if (parts.Length == 1)
        {
            return name == Pattern;
        }

        // The first and the last piece are fixed at the ends; those between are looked for in order, the leftmost place each.
        if (name.Length < parts[0].Length + parts[^1].Length || !name.StartsWith(parts[0], StringComparison.Ordinal) || !name.EndsWith(parts[^1], StringComparison.Ordinal))
        {
            return false;
        }

        var (at, end) = (parts[0].Length, name.Length - parts[^1].Length);
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, end - at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return true;
    }
}
