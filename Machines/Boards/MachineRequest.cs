using Trapline.Actors.Faults;
using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Costs;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Messages;

namespace Trapline.Machines.Boards;

/// <summary>What a machine is made of.</summary>
public sealed record MachineRequest
{
    /// <summary>1 to <see cref="BoardKind.MaximumVcpusOf"/>.</summary>
    public required int Vcpus { get; init; }

    /// <summary>Whose behaviour the interrupt controllers have, before the quirks of <see cref="Settings"/> change it.</summary>
    public required IProfile Profile { get; init; }

    public MachineSettings Settings { get; init; } = new();

    public required GuestProgram Program { get; init; }

    public required CostProfile Costs { get; init; }

    public required ulong Seed { get; init; }

    public Perturbation Perturbation { get; init; } = Perturbation.None;

    public required SimulationLimits Limits { get; init; }

    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    /// <summary>In the order of time. Null is no second host; an empty list is one to which nobody goes by plan.</summary>
    public IReadOnlyList<MigrationPlan>? Migrations { get; init; }

    /// <summary>Of the paths from one host to the other; positive.</summary>
    public VirtualTime LinkLatency { get; init; } = LinkSection.DefaultLatency;

    /// <summary>How many such machines there are, each with a doorbell device, and what joins them. Null is one without a doorbell.</summary>
    public MachineGroup? Machines { get; init; }
}
