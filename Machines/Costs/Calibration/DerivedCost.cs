namespace Trapline.Machines.Costs.Calibration;

/// <summary>A cost that is a factor times another one: <c>kickIdle: kappa * wakeUpPath</c>.</summary>
public sealed record DerivedCost(string Cost, string Factor, string Of);
