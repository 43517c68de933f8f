namespace Trapline.Host.Seeds;

/// <summary>A time of one variant over all seeds, virtual nanoseconds.</summary>
/// <param name="Name"><c>virtual time</c>; percentile and path of a latency; <c>mark</c> and its name, for the first of that name.</param>
/// <param name="Seeds">How many seeds had it.</param>
/// <param name="MinNs">Least.</param>
/// <param name="MedianNs">Of an even number the lower of the two in the middle: a time that a seed had.</param>
/// <param name="MaxNs">Greatest.</param>
internal sealed record SeedMeasure(string Name, int Seeds, decimal MinNs, decimal MedianNs, decimal MaxNs);
