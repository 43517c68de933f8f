using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Trapline.Cluster.Telemetry;

/// <summary>What a node tells of itself to whoever measures it: names of its meter and its source of spans, and what it counts when it happens. Nothing of it reaches a run's results.</summary>
public static class ClusterTelemetry
{
    /// <summary>Of the meter and of the source of spans.</summary>
    public const string Name = "Trapline.Cluster";

    internal static readonly ActivitySource Spans = new(Name);

    internal static readonly Meter Meter = new(Name);

    internal static readonly Histogram<double> CutHalt = Meter.CreateHistogram<double>("trapline.cut.halt", "s", "How long the run stood still for a cut, on this node.");

    internal static readonly Histogram<double> MoveHalt = Meter.CreateHistogram<double>("trapline.move.halt", "s", "How long the run stood still for a move of groups, on this node.");

    internal static readonly Counter<long> Checkpoints = Meter.CreateCounter<long>("trapline.checkpoints", "{checkpoint}", "Checkpoints that this node committed as holder.");

    internal static readonly Counter<long> Evictions = Meter.CreateCounter<long>("trapline.evictions", "{member}", "Members that this node evicted as holder.");

    internal static readonly Counter<long> Attempts = Meter.CreateCounter<long>("trapline.attempts", "{attempt}", "Parts in attempts that have ended here, by how they ended.");

    internal static readonly Counter<long> DatabaseFailures = Meter.CreateCounter<long>("trapline.database.failures", "{failure}", "Looks at the database that failed.");
}
