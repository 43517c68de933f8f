using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>A cost that a choice of the matrix sets, whatever the profile says.</summary>
/// <param name="Name">One of <see cref="Costs.CostNames.Costs"/>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Path">The key, for messages: <c>matrix.scheme.fast.costs.kickIdle</c>.</param>
/// <param name="Position">Of the value in the scenario file.</param>
public sealed record CostOverride(string Name, VirtualTime Value, string Path, TextPosition Position);
