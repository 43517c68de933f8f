using Trapline.Machines.Scenarios.Migrations;

namespace Trapline.Machines.Scenarios;

/// <summary>One value of an axis: its word, and all that it changes.</summary>
/// <param name="Text">As written: what names and reports show.</param>
public sealed record MatrixChoice(string Text)
{
    public MachineChange Machine { get; init; } = new();

    /// <summary>Parameters of the guest.</summary>
    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; init; } = new Dictionary<string, ParameterValue>();

    public IReadOnlyList<CostOverride> Costs { get; init; } = [];

    /// <summary>In place of those of the scenario; null leaves them.</summary>
    internal MigrationList? Migrations { get; init; }
}
