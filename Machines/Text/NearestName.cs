namespace Trapline.Machines.Text;

/// <summary>
/// Finds the known name that a misspelt one was probably meant to be. The distance is Damerau-Levenshtein with adjacent
/// transpositions (optimal string alignment); case counts half as much as a wrong letter, so "Vcpus" finds "vcpus".
/// </summary>
public static class NearestName
{
    /// <summary>Longer input is no misspelt name; it would only cost time.</summary>
    private const int MaxLength = 64;

    /// <summary>Candidates looked at: hostile input can define very many.</summary>
    private const int MaxCandidates = 10_000;

    private const int WrongLetter = 2;
    private const int WrongCase = 1;

    /// <summary>The nearest of the candidates, the first in ordinal order among equals; null if none is near.</summary>
    public static string? Find(string wanted, IEnumerable<string> candidates)
    {
        if (wanted.Length is 0 or > MaxLength)
        {
            return null;
        }

        string? best = null;
        // Something of the name must be right, or every name of one letter would be near to every other.
        var bestDistance = Math.Min(WrongLetter * Math.Clamp((wanted.Length + 1) / 3, 1, 3), (WrongLetter * wanted.Length) - 1);
        foreach (var candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - wanted.Length) * WrongLetter > bestDistance)
            {
                continue;
            }

            // Caps Lock is one mistake, however long the name.
            var distance = string.Equals(wanted, candidate, StringComparison.OrdinalIgnoreCase)
                ? Math.Min(WrongCase, Distance(wanted, candidate))
                : Distance(wanted, candidate);
            var better = distance < bestDistance || (distance == bestDistance && best is null);
            if (better || (distance == bestDistance && string.CompareOrdinal(candidate, best) < 0))
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>"; did you mean 'x'?" or nothing: to be appended to a message about an unknown name.</summary>
    public static string Hint(string wanted, IEnumerable<string> candidates)
    {
        var nearest = Find(wanted, candidates);
        return nearest is null ? "" : $"; did you mean '{nearest}'?";
    }

    /// <summary>In half letters: 2 for a wrong, missing, additional or swapped letter, 1 for a wrong case.</summary>
    internal static int Distance(string a, string b)
    {
        Span<int> beforePrevious = stackalloc int[b.Length + 1];
        Span<int> previous = stackalloc int[b.Length + 1];
        Span<int> current = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j * WrongLetter;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i * WrongLetter;
            for (var j = 1; j <= b.Length; j++)
            {
                var best = previous[j - 1] + Difference(a[i - 1], b[j - 1]);
                best = Math.Min(best, Math.Min(previous[j], current[j - 1]) + WrongLetter);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, beforePrevious[j - 2] + WrongLetter);
                }

                current[j] = best;
            }

            var reused = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = reused;
        }

        return previous[b.Length];
    }

    private static int Difference(char a, char b)
    {
        if (a == b)
        {
            return 0;
        }

        return char.ToUpperInvariant(a) == char.ToUpperInvariant(b) ? WrongCase : WrongLetter;
    }
}
