namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>A word of an expression; <paramref name="Text"/> of a text is what is between its quotes.</summary>
internal readonly record struct ExpectationToken(ExpectationTokenKind Kind, string Text, int Offset)
{
    public bool Is(string symbol) => Kind is ExpectationTokenKind.Operator or ExpectationTokenKind.Name && Text == symbol;

    public string Shown => Kind switch
    {
        ExpectationTokenKind.End => "the end",
        ExpectationTokenKind.Text => $"\"{Text}\"",
        _ => $"'{Text}'",
    };
}
