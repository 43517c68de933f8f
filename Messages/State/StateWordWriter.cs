namespace Trapline.Messages.State;

/// <summary>Collects rows as words, one a row, bytes too.</summary>
/// <param name="words">Gets them.</param>
/// <param name="limit">How many it may hold.</param>
public sealed class StateWordWriter(List<ulong> words, int limit) : StateSync
{
    public override void Row(string name, ref ulong value)
    {
        if (words.Count == limit)
        {
            throw new InvalidOperationException($"row '{name}' is one more than the {limit} that may be collected");
        }

        words.Add(value);
    }
}
