namespace Trapline.Messages.State;

/// <summary>What a row is, whatever it holds.</summary>
/// <param name="Name">Full, with <c>[*]</c> for numbers of list elements.</param>
/// <param name="Type">How wide and of what kind: <c>u64</c>, <c>i32</c>, <c>bool</c>, <c>time</c>, <see cref="Packed"/>.</param>
/// <param name="Length">Of an array; null for a single value.</param>
public readonly record struct StateSchemaRow(string Name, string Type, int? Length)
{
    /// <summary>Bytes one after the other; all other types take a word of 64 bits each.</summary>
    public const string Packed = "bytes";

    /// <summary>Bytes that <see cref="StateWriter"/> needs for it.</summary>
    public int Size => Type == Packed ? Length ?? 0 : sizeof(ulong) * (Length ?? 1);
}
