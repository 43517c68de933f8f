using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>One cell of the matrix: all that one simulation needs to know.</summary>
public sealed record ScenarioVariant
{
    /// <summary>The values of the matrix, <c>vcpus=256 pattern=all-to-all</c>; the scenario's name where there is no matrix.</summary>
    public required string Name { get; init; }

    /// <summary>For reports: all parameters of the guest and all axes of the matrix, as written.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>For the guest: its parameters as the numbers that it computes with. <c>vcpus</c> is not among them.</summary>
    public required IReadOnlyDictionary<string, long> Constants { get; init; }

    public required int Vcpus { get; init; }

    public required Board Board { get; init; }

    /// <summary>Whose behaviour the interrupt controllers have.</summary>
    public required IProfile Profile { get; init; }

    public required MachineSettings Machine { get; init; }

    /// <summary>Null where the scenario has one machine, without a doorbell.</summary>
    public MachineGroup? Machines { get; init; }

    /// <summary>Of the whole scenario; 1 without <see cref="Machines"/>.</summary>
    public int MachineCount => Machines?.Count ?? 1;

    /// <summary><see cref="Profile"/> with the quirks of <see cref="Machine"/>.</summary>
    public IProfile Behaviour => Machine.Quirks.ApplyTo(Profile);

    /// <summary>Costs that the matrix sets for this variant; they take the place of the profile's.</summary>
    public required IReadOnlyList<CostOverride> Costs { get; init; }

    /// <summary>In the order of time; an empty list is a second host to which nobody goes by plan, null is no second host.</summary>
    public IReadOnlyList<MigrationPlan>? Migrations { get; init; }

    /// <summary>From one host to the other, one way.</summary>
    public VirtualTime LinkLatency { get; init; } = LinkSection.DefaultLatency;

    public required VirtualTime Until { get; init; }

    /// <summary>The length as the file has it: a run that ends before it because it was cut short is not what the expectations speak of.</summary>
    public required VirtualTime WrittenUntil { get; init; }

    /// <summary>At most <see cref="Until"/>; null where the file names none: then <see cref="SmokeLength.Default"/> holds.</summary>
    public required VirtualTime? Smoke { get; init; }

    public required SimulationLimits Limits { get; init; }

    /// <summary>Where <see cref="Migrations"/> stand in the file.</summary>
    internal MigrationList? WrittenMigrations { get; init; }

    /// <summary>Where <see cref="MachineSettings.Hosts"/> of <see cref="Machine"/> stand in the file.</summary>
    internal HostsSection? WrittenHosts { get; init; }

    /// <summary>Bound to this variant's values.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }
}
