namespace Trapline.Machines.Results;

/// <summary>One thing that time went on.</summary>
/// <param name="Name">A cost of the profile; or <c>work</c>, <c>asleep</c>, <c>spinning</c>, <c>waiting</c>.</param>
/// <param name="IsCost">True for a cost of the profile.</param>
/// <param name="Count">How often it was paid; below 0 where it was taken off another cost that contains it.</param>
/// <param name="Ns">Together.</param>
public sealed record SectionCost(string Name, bool IsCost, long Count, decimal Ns);
