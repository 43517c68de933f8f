using Trapline.Cluster.Attempts;
using Trapline.Machines.Results;
using Trapline.Messages;

namespace Trapline.Cluster.Runs;

/// <summary>Where the time of a split variant went, and what to do about it.</summary>
internal static class SplitSummary
{
    /// <summary>From this share of waiting on the exchange is what the run is made of.</summary>
    private const decimal MuchWaiting = 0.5m;

    /// <summary>Messages of a window on a node under which a longer window, not a faster link, is what helps.</summary>
    private const long FewMessages = 50;

    /// <param name="times">By number of the node.</param>
    /// <param name="wall">Of the last attempt.</param>
    /// <param name="windows">Exchanged in it.</param>
    /// <param name="handled">Messages that all nodes handled, in all attempts.</param>
    /// <param name="lookahead">Between nodes.</param>
    /// <param name="limiting">The path that limits it.</param>
    public static SplitReport Of(IReadOnlyList<NodeTimes> times, TimeSpan wall, long windows, long handled, VirtualTime lookahead, string limiting)
    {
        var elapsed = Math.Max(1, (decimal)wall.TotalMicroseconds);
        var computed = times.Sum(time => (decimal)time.Computed);
        var waiting = times.Sum(time => (decimal)time.Exchanged) / times.Count / elapsed;
        var lookaheadNs = lookahead.IsNever ? 0 : (decimal)lookahead.Picoseconds / VirtualTime.PerNanosecond;
        return new SplitReport
        {
            LookaheadNs = lookaheadNs,
            Limiting = limiting,
            Windows = windows,
            Nodes = [.. times.Select((time, node) => new SplitNode(node, (int)time.Groups, Seconds(time.Computed), Seconds(time.Exchanged), time.Messages))],
            Speed = decimal.Round(computed / elapsed, 2),
            Hint = Hint(times, waiting, computed, computed / elapsed, windows, handled, lookaheadNs, limiting),
        };
    }

    private static string Hint(IReadOnlyList<NodeTimes> times, decimal waiting, decimal computed, decimal speed, long windows, long handled, decimal lookaheadNs, string limiting)
    {
        if (waiting < MuchWaiting || speed > 1)
        {
            return "";
        }

        var most = times.Max(time => time.Computed);
        if (most > 2 * (computed / times.Count))
        {
            return "one node computes more than twice as much as the average: move groups from it, or place by 'traffic'";
        }

        return handled / Math.Max(1, windows) / times.Count < FewMessages
            ? $"L limits: {limiting} lets a window be {lookaheadNs:0.###} ns long, too short for enough work in it; place whole modelled hosts ('host'), give them a longer link, or run it in one process"
            : "";
    }

    private static decimal Seconds(long microseconds) => decimal.Round(microseconds / 1_000_000m, 3);
}
