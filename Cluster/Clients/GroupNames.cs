using System.Globalization;
using Trapline.Machines.Text;

namespace Trapline.Cluster.Clients;

/// <summary>Groups as people name them: <c>board,vcpu0..vcpu63</c>.</summary>
internal static class GroupNames
{
    private const string Between = "..";

    /// <param name="text">Names and ranges, with commas between them; a range is of names that differ in the number at their end.</param>
    /// <param name="names">Of all groups of the machine, in the order of its plan.</param>
    /// <returns>Indices in the plan, ascending, each once.</returns>
    /// <exception cref="Runs.RunException">One of them is none.</exception>
    public static IReadOnlyList<int> Parse(string text, IReadOnlyList<string> names)
    {
        var chosen = new SortedSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split(Between);
            if (ends.Length > 2)
            {
                throw Wrong($"{Quoted.Show(part)} is no range; it is written vcpu0..vcpu63");
            }

            if (ends.Length == 1)
            {
                chosen.Add(IndexOf(part, names));
            }
            else
            {
                chosen.UnionWith(Range(part, ends[0], ends[1], names));
            }
        }

        return [.. chosen];
    }

    private static IEnumerable<int> Range(string part, string first, string last, IReadOnlyList<string> names)
    {
        IndexOf(first, names);
        IndexOf(last, names);
        var ((prefix, from), (other, to)) = (Split(first), Split(last));
        if (prefix != other || from is null || to is null || to < from)
        {
            throw Wrong($"{Quoted.Show(part)} is no range: its ends must be of one kind, the lower number first, such as vcpu0..vcpu63");
        }

        // A machine of several has gaps in its numbers, or none: only what is there is meant.
        return Enumerable.Range(0, names.Count).Where(index => Split(names[index]) is var (kind, number) && kind == prefix && number >= from && number <= to);
    }

    private static (string Prefix, long? Number) Split(string name)
    {
        var prefix = name.TrimEnd(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        return (prefix, long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    private static int IndexOf(string name, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        throw Wrong($"there is no group {Quoted.Show(name)}{Quoted.Suggest(name, names)}; the machine has {names.Count}, from {Quoted.Show(names[0])} to {Quoted.Show(names[^1])}");
    }

    private static Runs.RunException Wrong(string what) => new(Runs.RunFailure.Input, $"--groups: {what}");
}
