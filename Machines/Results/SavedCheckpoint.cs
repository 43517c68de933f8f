namespace Trapline.Machines.Results;

/// <summary>A checkpoint that is in its store.</summary>
/// <param name="Id">By which <c>--restore</c> finds it.</param>
/// <param name="Variant">Which was cut.</param>
/// <param name="AtNs">The cut, virtual nanoseconds.</param>
public sealed record SavedCheckpoint(string Id, string Variant, decimal AtNs);
