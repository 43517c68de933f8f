using Trapline.Actors.Vcpus;
using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>What everything costs, in virtual time, with where each number comes from.</summary>
public sealed record CostProfile
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>All of <see cref="CostNames.Costs"/>, in that order.</summary>
    public required IReadOnlyList<Cost> Costs { get; init; }

    public required IReadOnlyList<CostFactor> Factors { get; init; }

    public required PathCost BetweenGroups { get; init; }

    /// <summary>From one group to another: the least latency of a machine without other paths, and so the longest window.</summary>
    public VirtualTime PathLatency => BetweenGroups.Latency;

    public VirtualTime PathJitter => BetweenGroups.Jitter;

    /// <summary>The cost of a name of <see cref="CostNames.Costs"/>.</summary>
    public Cost this[string name] => Costs.Single(cost => cost.Name == name);

    /// <summary>The same with more jitter on its paths.</summary>
    public CostProfile WithJitter(VirtualTime more) => this with { BetweenGroups = BetweenGroups with { Jitter = PathJitter + more } };

    public VcpuCosts ToVcpuCosts() => new()
    {
        Instruction = this[CostNames.Instruction].Value,
        Hypercall = this[CostNames.Hypercall].Value,
        HypercallDecode = this[CostNames.HypercallDecode].Value,
        HypercallTarget = this[CostNames.HypercallTarget].Value,
        KernelAccess = this[CostNames.KernelAccess].Value,
        UserAccess = this[CostNames.UserAccess].Value,
        InjectionIoctl = this[CostNames.InjectionIoctl].Value,
        KickIdle = this[CostNames.KickIdle].Value,
        KickRunning = this[CostNames.KickRunning].Value,
        KickOutside = this[CostNames.KickOutside].Value,
        WakeRunning = this[CostNames.WakeRunning].Value,
        WakeIdle = this[CostNames.WakeIdle].Value,
        RemoteMemory = this[CostNames.RemoteMemory].Value,
    };
}
