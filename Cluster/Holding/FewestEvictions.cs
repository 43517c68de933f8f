namespace Trapline.Cluster.Holding;

/// <summary>
/// The fewest members to evict so that all that remain hear one another: a smallest vertex cover of the pairs that do not. Of a member
/// either it goes, or all go that it does not hear; to begin with whom most do not hear keeps the search short for 32 nodes.
/// </summary>
internal static class FewestEvictions
{
    /// <param name="pairs">Members that do not hear each other, in either way.</param>
    /// <param name="keep">Of equally small sets one without this member is chosen: the holder goes on.</param>
    /// <returns>Ascending.</returns>
    public static IReadOnlyList<long> Of(IEnumerable<(long One, long Other)> pairs, long keep)
    {
        List<long>? best = null;
        Search([.. pairs], [], keep, ref best);
        return [.. best!.Order()];
    }

    private static void Search(List<(long One, long Other)> pairs, List<long> chosen, long keep, ref List<long>? best)
    {
        if (best is not null && !IsBetter(chosen, best, keep))
        {
            return;
        }

        if (pairs.Count == 0)
        {
            best = [.. chosen];
            return;
        }

        // Of equals who has joined last goes first.
        var member = pairs.SelectMany(pair => new[] { pair.One, pair.Other }).CountBy(each => each).MaxBy(each => (each.Value, each.Key)).Key;
        Search([.. pairs.Where(pair => pair.One != member && pair.Other != member)], [.. chosen, member], keep, ref best);
        var unheard = pairs.Where(pair => pair.One == member || pair.Other == member).Select(pair => pair.One == member ? pair.Other : pair.One).Distinct().ToList();
        Search([.. pairs.Where(pair => !unheard.Contains(pair.One) && !unheard.Contains(pair.Other))], [.. chosen, .. unheard], keep, ref best);
    }

    /// <summary>More can only be added: what is no better already never becomes so.</summary>
    private static bool IsBetter(List<long> chosen, List<long> best, long keep) =>
        chosen.Count < best.Count || (chosen.Count == best.Count && best.Contains(keep) && !chosen.Contains(keep));
}
