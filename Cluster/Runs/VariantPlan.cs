using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Machines.Assembly;
using Trapline.Machines.Boards;
using Trapline.Machines.Scenarios;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>A variant with its guest assembled: ready to build as often as it is run.</summary>
internal sealed record VariantPlan(Scenario Scenario, ScenarioVariant Variant, GuestProgram Program)
{
    /// <exception cref="RunException">The guest has errors.</exception>
    public static VariantPlan Of(Scenario scenario, ScenarioVariant variant, IGuestSourceReader? reader = null) =>
        new(scenario, variant, GuestBuilder.Assemble(scenario, variant, reader));

    /// <summary>The invariants are those of a hypervisor: on bare metal sends are posted and nobody waits for an answer.</summary>
    public bool IsVirtual => Variant.Machine.Hypervisor == Hypervisor.Kvm;

    public SimulationPlan Build() => BoardKind.Of(Variant.Board).Build(new MachineRequest
    {
        Vcpus = Variant.Vcpus,
        Profile = Variant.Profile,
        Settings = Variant.Machine,
        Program = Program,
        Costs = Scenario.CostsOf(Variant),
        Seed = Scenario.Seed,
        Perturbation = Scenario.Perturbation,
        Limits = Variant.Limits,
        Faults = Scenario.Faults,
        Migrations = Variant.Migrations,
        LinkLatency = Variant.LinkLatency,
        Machines = Variant.Machines,
    });

    /// <summary>When the variant ends if nobody ends it earlier.</summary>
    /// <exception cref="RunException">The smoke length has too many windows.</exception>
    public VirtualTime Length(bool smoke, VirtualTime window)
    {
        if (!smoke)
        {
            return Variant.Until;
        }

        if (Variant.Smoke is not { } length)
        {
            return SmokeLength.Default(Variant.Until, window);
        }

        return SmokeLength.Check(length, window) is { } wrong
            ? throw new RunException(RunFailure.Input, $"{Scenario.Path}: {wrong}")
            : length;
    }
}
