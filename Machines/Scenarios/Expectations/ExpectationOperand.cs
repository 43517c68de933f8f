namespace Trapline.Machines.Scenarios.Expectations;

/// <summary>A checked part of an expression.</summary>
/// <param name="Kind">What <paramref name="Evaluate"/> yields.</param>
/// <param name="Offset">Where it starts.</param>
/// <param name="Evaluate">Pure; throws <see cref="ExpectationException"/> when there is no value.</param>
internal sealed record ExpectationOperand(ExpectationKind Kind, int Offset, Func<ExpectationContext, ExpectationValue> Evaluate)
{
    /// <summary>Of a text that is one of a few words: these.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Of a text in quotes: it.</summary>
    public string? Literal { get; init; }
}
