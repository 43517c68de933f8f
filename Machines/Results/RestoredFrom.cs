namespace Trapline.Machines.Results;

/// <summary>Where a run that did not begin at 0 began.</summary>
/// <param name="Id">Of the checkpoint.</param>
/// <param name="AtNs">Its cut, virtual nanoseconds.</param>
public sealed record RestoredFrom(string Id, decimal AtNs);
