using Trapline.Actors.Vcpus;
using Trapline.Machines.Costs.Calibration;
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

    /// <summary>The published figures and what is fitted to them; null where the profile has none.</summary>
    public CalibrationPlan? Calibration { get; init; }

    /// <summary>From one group to another: the least latency of a machine without other paths, and so the longest window.</summary>
    public VirtualTime PathLatency => BetweenGroups.Latency;

    public VirtualTime PathJitter => BetweenGroups.Jitter;

    /// <summary>The cost of a name of <see cref="CostNames.Costs"/>.</summary>
    public Cost this[string name] => Costs.Single(cost => cost.Name == name);

    /// <summary>The same with more jitter on its paths.</summary>
    public CostProfile WithJitter(VirtualTime more) => this with { BetweenGroups = BetweenGroups with { Jitter = PathJitter + more } };

    /// <summary>The same with another value for one cost; its range is widened to hold it.</summary>
    /// <param name="name">One of <see cref="CostNames.Costs"/>.</param>
    /// <param name="value">Not checked here; see <see cref="CostLimits"/>.</param>
    /// <param name="source">Who says so.</param>
    public CostProfile With(string name, VirtualTime value, string source) => this with
    {
        Costs = [.. Costs.Select(cost => cost.Name != name ? cost : cost with
        {
            Value = value,
            Low = VirtualTime.Min(cost.Low, value),
            High = VirtualTime.Max(cost.High, value),
            Basis = CostBasis.Assumed,
            Source = source,
        })],
    };

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
        GuestHandler = this[CostNames.GuestHandler].Value,
        WakeUpPath = this[CostNames.WakeUpPath].Value,
        NativeIpi = this[CostNames.NativeIpi].Value,
        NativeWake = this[CostNames.NativeWake].Value,
        NativeAccess = this[CostNames.NativeAccess].Value,
    };
}
