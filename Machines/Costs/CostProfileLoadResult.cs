using Trapline.Machines.Yaml;

namespace Trapline.Machines.Costs;

/// <summary>A cost profile, or all that is wrong with it: one of the two is there.</summary>
public sealed record CostProfileLoadResult(CostProfile? Profile, IReadOnlyList<FileError> Errors);
