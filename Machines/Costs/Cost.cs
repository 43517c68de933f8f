using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>A cost of a profile, in virtual time.</summary>
/// <param name="Name">The key in the file: <c>hypercall</c>.</param>
/// <param name="Symbol">Its name in formulas: <c>E</c>.</param>
/// <param name="Value">What simulations use.</param>
/// <param name="Low">At most <paramref name="Value"/>.</param>
/// <param name="High">At least <paramref name="Value"/>.</param>
/// <param name="Basis">How far to trust it.</param>
/// <param name="Source">Who says so, and how it was derived.</param>
public sealed record Cost(string Name, string Symbol, VirtualTime Value, VirtualTime Low, VirtualTime High, CostBasis Basis, string Source);
