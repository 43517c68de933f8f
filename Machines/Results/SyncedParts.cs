using Trapline.Messages.State;

namespace Trapline.Machines.Results;

/// <summary>Lists whose elements have rows of their own: how results travel.</summary>
public static class SyncedParts
{
    /// <param name="sync">Writes the parts, or reads them into an empty list.</param>
    /// <param name="name">Of the row that counts them.</param>
    /// <param name="parts">In their order.</param>
    /// <param name="limit">What came may declare no more.</param>
    /// <param name="create">Makes one to read into.</param>
    /// <param name="rowsOf">The rows of one.</param>
    public static void Parts<T>(this StateSync sync, string name, List<T> parts, int limit, Func<T> create, Action<T, StateSync> rowsOf)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(rowsOf);
        var count = parts.Count;
        sync.Count(name, ref count, limit);
        for (var i = 0; i < count; i++)
        {
            if (sync.Loading)
            {
                parts.Add(create());
            }

            rowsOf(parts[i], sync);
        }
    }
}
