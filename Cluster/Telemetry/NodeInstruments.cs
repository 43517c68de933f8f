using System.Diagnostics.Metrics;
using Trapline.Cluster.Nodes;

namespace Trapline.Cluster.Telemetry;

/// <summary>What is read from a node whenever somebody asks: how its attempts go, byte by byte and link by link.</summary>
internal static class NodeInstruments
{
    private static Func<IReadOnlyList<HostedAttempt>> _attempts = () => [];

    static NodeInstruments()
    {
        var meter = ClusterTelemetry.Meter;
        meter.CreateObservableCounter("trapline.windows", () => Each(attempt => attempt.State().Window), "{window}", "Windows between nodes that were exchanged.");
        meter.CreateObservableGauge("trapline.position", () => Each(attempt => attempt.State().PositionPs / 1e12), "s", "Virtual time that the attempt has reached.");
        meter.CreateObservableGauge("trapline.groups", () => Each(attempt => attempt.State().Groups), "{group}", "Groups on this node.");
        meter.CreateObservableCounter("trapline.link.sent", () => Links(link => link.Sent), "By", "Bytes sent over a link.");
        meter.CreateObservableCounter("trapline.link.received", () => Links(link => link.Received), "By", "Bytes received over a link.");
        meter.CreateObservableCounter("trapline.link.wait", () => Links(link => link.WaitedMs / 1000.0), "s", "Wall time waited for frames of a peer.");
        meter.CreateObservableGauge("trapline.not_durable", () => Each(attempt => Math.Max(0, attempt.State().NotDurableMs) / 1000.0), "s", "For how long nothing has become durable that should have.");
    }

    /// <summary>From now on these are the attempts that are read. A process is one node.</summary>
    public static void Watch(Func<IReadOnlyList<HostedAttempt>> attempts) => _attempts = attempts;

    private static IEnumerable<Measurement<T>> Each<T>(Func<HostedAttempt, T> read)
        where T : struct => _attempts().Select(attempt => new Measurement<T>(read(attempt), attempt.Tags));

    private static IEnumerable<Measurement<T>> Links<T>(Func<Plans.LinkState, T> read)
        where T : struct => _attempts().SelectMany(attempt => attempt.State().Links.Select(link => new Measurement<T>(read(link), [.. attempt.Tags, new("peer", link.Peer)])));
}
