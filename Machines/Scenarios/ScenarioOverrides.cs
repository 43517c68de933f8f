using Trapline.Actors.Faults;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>What the command line says differently from the file. Null leaves the file's value.</summary>
public sealed record ScenarioOverrides
{
    public static readonly ScenarioOverrides None = new();

    public ulong? Seed { get; init; }

    /// <summary>Replaces <c>length.until</c>; <c>length.smoke</c> is cut to it.</summary>
    public VirtualTime? Until { get; init; }

    /// <summary>Come after those of the file.</summary>
    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];
}
