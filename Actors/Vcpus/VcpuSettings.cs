using Trapline.Actors.Guests;
using Trapline.Actors.Memory;
using Trapline.Messages;

namespace Trapline.Actors.Vcpus;

/// <summary>What a vCPU is made of; the same for all of a machine but for index and memory.</summary>
public sealed record VcpuSettings
{
    public required int Machine { get; init; }

    /// <summary>Index of the vCPU, and its place in the per-CPU areas.</summary>
    public required int Index { get; init; }

    /// <summary>vCPUs of the machine.</summary>
    public required int Count { get; init; }

    public required GuestProgram Program { get; init; }

    public required VcpuCosts Costs { get; init; }

    /// <summary>No hypervisor: nothing traps.</summary>
    public bool IsBareMetal { get; init; }

    /// <summary>Its machine is one of several, which ring one another's doorbells.</summary>
    public bool HasPeers { get; init; }

    /// <summary>The greatest path latency inside the machine; what a call must have room for, there and back.</summary>
    public required VirtualTime GreatestLatency { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The pages of the vCPU's group, and their home.</summary>
    public required GuestMemory Memory { get; init; }

    public required MemoryActor MemoryHome { get; init; }

    /// <summary>
    /// The part of an exit's cost before it is acted on: half, unless the calls it makes then would no longer fit into
    /// the rest. Costs contain the travel of what they cause.
    /// </summary>
    public VirtualTime ExitPart(VirtualTime cost) =>
        VirtualTime.Min(new VirtualTime(cost.Picoseconds / 2), VirtualTime.Max(VirtualTime.Zero, cost - GreatestLatency - GreatestLatency));
}
