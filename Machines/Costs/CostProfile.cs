using Trapline.Actors.Guests;
using Trapline.Actors.Vcpus;
using Trapline.Machines.Costs.Calibration;
using Trapline.Messages;

namespace Trapline.Machines.Costs;

/// <summary>What everything costs, in virtual time, with where each number comes from.</summary>
public sealed record CostProfile
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Of the machines that it is for.</summary>
    public GuestArchitecture Architecture { get; init; } = GuestArchitecture.LoongArch;

    /// <summary>All that the architecture has, in the order of <see cref="CostNames.Costs"/>.</summary>
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

    /// <summary>The value of a cost; none where the architecture has no such cost.</summary>
    public VirtualTime ValueOf(string name) => Costs.FirstOrDefault(cost => cost.Name == name)?.Value ?? VirtualTime.Zero;

    public VcpuCosts ToVcpuCosts() => new()
    {
        Instruction = ValueOf(CostNames.Instruction),
        Hypercall = ValueOf(CostNames.Hypercall),
        HypercallDecode = ValueOf(CostNames.HypercallDecode),
        HypercallTarget = ValueOf(CostNames.HypercallTarget),
        KernelAccess = ValueOf(CostNames.KernelAccess),
        UserAccess = ValueOf(CostNames.UserAccess),
        InjectionIoctl = ValueOf(CostNames.InjectionIoctl),
        KickIdle = ValueOf(CostNames.KickIdle),
        KickRunning = ValueOf(CostNames.KickRunning),
        KickOutside = ValueOf(CostNames.KickOutside),
        WakeRunning = ValueOf(CostNames.WakeRunning),
        WakeIdle = ValueOf(CostNames.WakeIdle),
        RemoteMemory = ValueOf(CostNames.RemoteMemory),
        GuestHandler = ValueOf(CostNames.GuestHandler),
        WakeUpPath = ValueOf(CostNames.WakeUpPath),
        NativeIpi = ValueOf(CostNames.NativeIpi),
        NativeWake = ValueOf(CostNames.NativeWake),
        NativeAccess = ValueOf(CostNames.NativeAccess),
    };
}
