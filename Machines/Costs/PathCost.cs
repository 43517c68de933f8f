using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>The travel of a message between two groups.</summary>
/// <param name="Name">The key in the file: <c>betweenGroups</c>.</param>
/// <param name="Latency">At least 1 ps: windows are as long as the least of these.</param>
/// <param name="Jitter">Most that a message takes longer; 0 for a fixed latency.</param>
/// <param name="Basis">How far to trust it.</param>
/// <param name="Source">Who says so.</param>
public sealed record PathCost(string Name, VirtualTime Latency, VirtualTime Jitter, CostBasis Basis, string Source);
