namespace Trapline.Persistence;

/// <summary>Which checkpoints of a store are no longer wanted.</summary>
public static class Retention
{
    /// <summary>Of every run, which is what a fingerprint stands for, the ones saved last stay.</summary>
    /// <param name="stored">As a store lists them: the oldest first.</param>
    /// <param name="keep">How many of each run stay; 0 or more.</param>
    /// <param name="savedBefore">Those saved at this time or later stay too; null for no such limit.</param>
    /// <returns>Ids, in the order of <paramref name="stored"/>.</returns>
    public static IReadOnlyList<string> ToDelete(IReadOnlyList<StoredCheckpoint> stored, int keep, DateTimeOffset? savedBefore = null)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        var left = stored.CountBy(checkpoint => checkpoint.Header.Fingerprint, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var ids = new List<string>();
        foreach (var checkpoint in stored)
        {
            var newer = --left[checkpoint.Header.Fingerprint];
            if (newer >= keep && (savedBefore is null || checkpoint.SavedAt < savedBefore))
            {
                ids.Add(checkpoint.Id);
            }
        }

        return ids;
    }
}
