namespace Trapline.Machines.Results;

/// <summary>An invariant that did not hold.</summary>
/// <param name="Invariant">Its name: <c>raise-lost</c>.</param>
/// <param name="AtNs">When it was violated.</param>
/// <param name="Actor">To whom it happened.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Life">The interrupt's way from its source to its handler, or to where it vanished, as far as the last events tell.</param>
/// <param name="Fault">The planned fault behind it; null where none had hit before.</param>
public sealed record ViolationRow(string Invariant, decimal AtNs, string Actor, string Text, IReadOnlyList<LifeRow> Life, string? Fault)
{
    /// <summary>An expectation of the scenario asks for it: it is what the variant is to show, and no failure.</summary>
    public bool Expected { get; init; }
}
