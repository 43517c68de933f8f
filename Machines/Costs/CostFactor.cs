namespace Trapline.Machines.Costs;

/// <summary>A number without a unit from which costs were derived. It is printed with them; nothing is computed from it.</summary>
public sealed record CostFactor(string Name, string Symbol, decimal Value, decimal Low, decimal High, CostBasis Basis, string Source);
