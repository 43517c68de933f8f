using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Scenarios.Faults;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Scenarios.Placements;

namespace Trapline.Machines.Scenarios;

/// <summary>
/// A scenario as it is written: its properties are the keys of the file. The schema that editors complete from and the
/// loader's check for unknown and missing keys are both made from this type.
/// </summary>
[Description("A scenario of Trapline: what to simulate, for how long, and what is expected of it.")]
public sealed record ScenarioFile
{
    public const string NamePattern = "^[a-z0-9][a-z0-9-]{0,63}$";
    public const ulong DefaultSeed = 1;

    [Description("Name of the scenario in reports: lower-case letters, digits and dashes.")]
    [RegularExpression(NamePattern)]
    public required string Name { get; init; }

    [Description("What the scenario shows, for people.")]
    public string? Description { get; init; }

    [Description("Seed of all draws and ties. The same scenario and seed give the same run, always.")]
    [DefaultValue(DefaultSeed)]
    public ulong Seed { get; init; } = DefaultSeed;

    [Description("The virtual machine.")]
    public required MachineSection Machine { get; init; }

    [Description("Several virtual machines that are alike and ring one another's doorbells. Left out, there is one, without a doorbell.")]
    public MachinesSection? Machines { get; init; }

    [Description("The program that its vCPUs run.")]
    public required GuestSection Guest { get; init; }

    [Description("The cost profile: the name of a file in the folder costs beside the scenario, without .yaml; or a path ending in .yaml, relative to the scenario file.")]
    public required string Costs { get; init; }

    [Description("How long each variant runs, in virtual time: a number and ps, ns, us, ms or s.")]
    public required LengthSection Length { get; init; }

    [Description("What a run may use. Whoever reaches a limit is told its name.")]
    public LimitsSection Limits { get; init; } = new();

    [Description("What the seed changes beside random draws of the guest and ties, so that other seeds try other interleavings.")]
    public PerturbSection Perturb { get; init; } = new();

    [Description("Variants side by side: each key is a key of machine or a parameter of the guest, with a list of values, or with a mapping of words to the numbers that the guest sees; or any word, with a mapping of words to keys of machine, parameters, costs and migrations. All combinations run, the first key varying slowest; at most 1,000.")]
    public ScenarioMatrix Matrix { get; init; } = new([]);

    [Description("Faults that are planned: what becomes of the n-th message of a kind on a path.")]
    public IReadOnlyList<FaultSection> Faults { get; init; } = [];

    [Description("Migrations of the VM, in the order of time: each takes it from the host where it is to the other one. With an empty list there is a second host all the same.")]
    public IReadOnlyList<MigrationSection>? Migrations { get; init; }

    [Description("One run is split over nodes so. It changes nothing of what the run finds.")]
    public PlacementSection? Placement { get; init; }

    [Description("What must hold at the end of every variant, such as: exits(\"ipi_write IPI_SEND\") == (vcpus - 1) * rounds")]
    public IReadOnlyList<Expectation> Expect { get; init; } = [];
}
