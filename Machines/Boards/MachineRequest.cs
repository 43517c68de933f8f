using Trapline.Actors.Guests;
using Trapline.Actors.Kernel;
using Trapline.Machines.Costs;

namespace Trapline.Machines.Boards;

/// <summary>What a machine is made of.</summary>
public sealed record MachineRequest
{
    public required int Vcpus { get; init; }

    public required GuestProgram Program { get; init; }

    public required CostProfile Costs { get; init; }

    public required ulong Seed { get; init; }

    public required SimulationLimits Limits { get; init; }
}
