using System.ComponentModel;

namespace Trapline.Machines.Scenarios;

/// <summary>The key <c>guest</c>.</summary>
public sealed record GuestSection
{
    [Description("The guest program that every vCPU runs; a path relative to the scenario file.")]
    public required string File { get; init; }

    [Description("Constants of the guest program: name to integer, or to a duration, which the guest sees in whole nanoseconds. The matrix may vary them; a value there takes the place of the one here.")]
    public IReadOnlyDictionary<string, ParameterValue> Parameters { get; init; } = new Dictionary<string, ParameterValue>();
}
