namespace Trapline.Machines.Results;

/// <summary>A point of a curve over virtual time; in JSON an array of the two numbers.</summary>
/// <param name="Ns">Virtual nanoseconds.</param>
/// <param name="Count">How many there.</param>
public readonly record struct CurvePoint(decimal Ns, long Count);
