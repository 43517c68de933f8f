namespace Trapline.Messages.State;

/// <summary>Reads what <see cref="StateWordWriter"/> collected; input that ends early is refused.</summary>
public sealed class StateWordReader(IReadOnlyList<ulong> words) : StateSync
{
    private int _next;

    public override bool Loading => true;

    public override void Row(string name, ref ulong value) => value = _next < words.Count
        ? words[_next++]
        : throw new StateFormatException($"row '{name}': the input ends after {words.Count} words");

    /// <summary>Refuses what was left over: two tables of different shape must not pass for one another.</summary>
    public void Finish()
    {
        if (_next != words.Count)
        {
            throw new StateFormatException($"{words.Count - _next} words are left over after the last row, the first of them number {_next}");
        }
    }
}
