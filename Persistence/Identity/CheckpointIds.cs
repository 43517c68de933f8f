using Trapline.Machines.Text;

namespace Trapline.Persistence.Identity;

/// <summary>Ids as people give them: whole, or a beginning.</summary>
public static class CheckpointIds
{
    /// <summary>Hexadecimal digits of a whole one.</summary>
    public const int Length = 16;

    private const int MostShown = 5;

    /// <summary>The one checkpoint whose id begins so.</summary>
    /// <param name="stored">What there is.</param>
    /// <param name="id">The whole id, or a beginning.</param>
    /// <param name="place">What messages call the store.</param>
    /// <exception cref="CheckpointException">There is none, or more than one.</exception>
    public static StoredCheckpoint Find(IReadOnlyList<StoredCheckpoint> stored, string id, string place)
    {
        var prefix = Normalize(id);
        var matches = stored.Where(checkpoint => checkpoint.Id.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        Single(prefix, [.. matches.Select(checkpoint => checkpoint.Id)], place);
        return matches[0];
    }

    /// <exception cref="CheckpointException">It cannot be the beginning of an id.</exception>
    internal static string Normalize(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return prefix.Length is > 0 and <= Length && prefix.All(char.IsAsciiHexDigit)
            ? prefix.ToLowerInvariant()
            : throw new CheckpointException(CheckpointFailure.Input, $"{Quoted.Show(prefix)} is no id of a checkpoint: it has 1 to {Length} hexadecimal digits; 'trapline snapshot list' shows them");
    }

    /// <param name="prefix">The whole id, or a beginning.</param>
    /// <param name="matches">Ids that begin so.</param>
    /// <param name="place">Where they are.</param>
    /// <exception cref="CheckpointException">There is not exactly one.</exception>
    internal static string Single(string prefix, IReadOnlyList<string> matches, string place) => matches switch
    {
        [var id] => id,
        [] => throw new CheckpointException(CheckpointFailure.Input, $"there is no checkpoint {Quoted.Show(prefix)} in {place}; 'trapline snapshot list' shows those that there are"),
        _ => throw new CheckpointException(CheckpointFailure.Input, $"{Quoted.Show(prefix)} fits {matches.Count} checkpoints in {place}: {string.Join(", ", matches.Take(MostShown))}{(matches.Count > MostShown ? ", …" : "")}; give more digits"),
    };
}
