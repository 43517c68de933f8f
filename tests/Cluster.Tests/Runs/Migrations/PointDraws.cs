using Trapline.Actors.Migration;
using Trapline.Messages;

namespace Trapline.Cluster.Tests.Runs.Migrations;

/// <summary>When a VM migrates, and over what link: drawn from a seed, so that a point that fails can be repeated.</summary>
internal sealed class PointDraws(string scenario)
{
    private readonly ulong _seed = scenario.Aggregate(0xCBF29CE484222325UL, (hash, letter) => (hash ^ letter) * 0x100000001B3UL);
    private ulong _n;

    /// <summary>One migration, or there and back.</summary>
    /// <param name="end">When the guest ends undisturbed.</param>
    public IReadOnlyList<MigrationPlan> Next(VirtualTime end)
    {
        // A link that is fast shows the guest early in its run; one that is slow, a guest that stands still for long.
        var bandwidth = Below(2) == 0 ? 1_000_000_000_000L : 1_250_000_000L;
        var first = new VirtualTime((long)Below((ulong)end.Picoseconds));
        var plan = new MigrationPlan { At = first, Bandwidth = bandwidth, MaximumRounds = 1 + (int)Below(3) };
        return Below(3) == 0 ? [plan, plan with { At = first + new VirtualTime(1 + (long)Below((ulong)end.Picoseconds)) }] : [plan];
    }

    private ulong Below(ulong bound) => CounterRandom.DrawBelow(bound, _seed, default, RandomPurpose.PathJitter, _n++);
}
