namespace Trapline.Machines.Text;

/// <summary>What a misspelt name may have been meant to be.</summary>
public static class NearestName
{
    /// <summary>Longer names are never compared: the table below grows with the product of both lengths.</summary>
    private const int LongestName = 64;

    /// <summary>
    /// The known name with the fewest edits (insert, delete, replace, swap of neighbours) from <paramref name="name"/>;
    /// of equally near ones the first. Null when none is within a third of the longer name's length.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length is 0 or > LongestName)
        {
            return null;
        }

        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in known)
        {
            if (candidate.Length is 0 or > LongestName)
            {
                continue;
            }

            var edits = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (edits < least && edits <= Math.Max(1, Math.Max(name.Length, candidate.Length) / 3) && edits < candidate.Length)
            {
                (nearest, least) = (candidate, edits);
            }
        }

        return nearest;
    }

    /// <summary>Damerau-Levenshtein in the restricted form: no part is edited twice.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var least = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    least = Math.Min(least, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
