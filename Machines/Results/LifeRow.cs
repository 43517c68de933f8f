namespace Trapline.Machines.Results;

/// <summary>A step in the life of an interrupt.</summary>
/// <param name="AtNs">When.</param>
/// <param name="Actor">Where: <c>ipi3</c>.</param>
/// <param name="What">What happened there.</param>
public sealed record LifeRow(decimal AtNs, string Actor, string What);
