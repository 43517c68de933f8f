using System.Globalization;
using Trapline.Machines.Text;

namespace Trapline.Host.Commands;

/// <summary>Seeds one after the other, both ends included.</summary>
internal sealed record SeedRange(ulong First, ulong Last)
{
    /// <summary>What is kept of each run is little, but it is kept.</summary>
    public const int MostSeeds = 100_000;

    private const string Between = "..";

    /// <summary>At most <see cref="MostSeeds"/>.</summary>
    public int Count => (int)(Last - First) + 1;

    public IEnumerable<ulong> Seeds => Enumerable.Range(0, Count).Select(i => First + (ulong)i);

    /// <summary>Reads <c>1..100</c>; <c>7</c> alone is one seed.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="problem">What is wrong with it, or null.</param>
    public static SeedRange? Parse(string text, out string? problem)
    {
        var parts = text.Split(Between);
        problem = null;
        if (parts.Length > 2 || !TryNumber(parts[0], out var first) || !TryNumber(parts[^1], out var last))
        {
            problem = $"--seeds is {Quoted.Show(text)}; it must be a first and a last seed, such as 1..100";
        }
        else if (last < first)
        {
            problem = $"--seeds is {Quoted.Show(text)}; the last seed is before the first: write {last}..{first}";
        }
        else if (last - first >= MostSeeds)
        {
            problem = $"--seeds is {Quoted.Show(text)}; at most {MostSeeds} seeds can be run at once";
        }
        else
        {
            return new(first, last);
        }

        return null;
    }

    private static bool TryNumber(string text, out ulong number) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
