using Trapline.Machines.Yaml;

namespace Trapline.Machines.Scenarios;

/// <summary>A scenario, or all that is wrong with it: one of the two is there.</summary>
/// <param name="Scenario">Null if there are errors.</param>
/// <param name="Errors">Of the scenario in the order of its file, then of its cost profile.</param>
public sealed record ScenarioLoadResult(Scenario? Scenario, IReadOnlyList<FileError> Errors);
