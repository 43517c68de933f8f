using Trapline.Actors.Faults;
using Trapline.Actors.Kernel;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Machines.Scenarios;

/// <summary>A scenario that was checked as a whole: files found, costs loaded, variants expanded.</summary>
public sealed record Scenario
{
    /// <summary>As the user named it.</summary>
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required ulong Seed { get; init; }

    public required Board Board { get; init; }

    /// <summary>The guest program, found beside the scenario; it exists, and that is all that is known of it.</summary>
    public required string GuestPath { get; init; }

    /// <summary>The file that <see cref="Costs"/> is from.</summary>
    public required string CostsPath { get; init; }

    /// <summary>As loaded, with the delays of <c>perturb</c> in the jitter of its paths; <see cref="CostsOf"/> has what a variant sets besides.</summary>
    public required CostProfile Costs { get; init; }

    /// <summary>Those of the file, then those of the command line.</summary>
    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    /// <summary>What the seed may change beside those delays.</summary>
    public required Perturbation Perturbation { get; init; }

    /// <summary>How one run is split over nodes; null where the scenario leaves it to the run. It decides nothing of what a run finds.</summary>
    public PlacementSection? Placement { get; init; }

    /// <summary>At least one; in the order of the matrix, its first key varying slowest.</summary>
    public required IReadOnlyList<ScenarioVariant> Variants { get; init; }

    /// <summary>The profile with the costs that the matrix sets for a variant.</summary>
    public CostProfile CostsOf(ScenarioVariant variant)
    {
        ArgumentNullException.ThrowIfNull(variant);
        return variant.Costs.Aggregate(Costs, (profile, cost) => profile.With(cost.Name, cost.Value, $"Set by {cost.Path} of the scenario."));
    }
}
