namespace Trapline.Machines.Results;

/// <summary>One expectation of the scenario and what was found.</summary>
/// <param name="Text">As written.</param>
/// <param name="Holds">Whether it held.</param>
/// <param name="Actual">The values of both sides.</param>
public sealed record ExpectationRow(string Text, bool Holds, string Actual);
