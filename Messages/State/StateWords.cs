namespace Trapline.Messages.State;

/// <summary>Rows as a list of 64-bit words, one a row: how a table goes into another of the same shape, at once or by messages.</summary>
public static class StateWords
{
    /// <summary>The words of a table.</summary>
    /// <param name="rows">Names them.</param>
    /// <param name="limit">How many there may be.</param>
    /// <exception cref="InvalidOperationException">There are more.</exception>
    public static List<ulong> Collect(Action<StateSync> rows, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var words = new List<ulong>();
        rows(new StateWordWriter(words, limit));
        return words;
    }

    /// <summary>Reads a table from its words.</summary>
    /// <param name="words">All of them.</param>
    /// <param name="rows">Names them.</param>
    /// <exception cref="StateFormatException">They do not fit; what was read before the first that does not has been taken over.</exception>
    public static void Load(IReadOnlyList<ulong> words, Action<StateSync> rows)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(rows);
        var reader = new StateWordReader(words);
        rows(reader);
        reader.Finish();
    }

    /// <summary>Makes one table as the other is.</summary>
    public static void Copy(Action<StateSync> from, Action<StateSync> to) => Load(Collect(from), to);
}
