namespace Trapline.Machines.Scenarios;

/// <summary>
/// A value of a guest parameter. A guest computes with integers; so a duration becomes whole nanoseconds and a word
/// stands for the number that the scenario gives it.
/// </summary>
/// <param name="Text">As written: what names and reports show.</param>
/// <param name="Number">What the guest sees.</param>
public readonly record struct ParameterValue(string Text, long Number);
