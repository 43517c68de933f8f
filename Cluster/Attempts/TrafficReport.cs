using System.Text.Json;
using Trapline.Actors.Kernel;
using Trapline.Cluster.Runs.Acts;

namespace Trapline.Cluster.Attempts;

/// <summary>What one node measured of its groups.</summary>
/// <param name="Loads">Group and the microseconds of computing that are its share.</param>
/// <param name="Pairs">Group that sent, group that it was for, messages.</param>
internal sealed record TrafficReport(IReadOnlyList<long[]> Loads, IReadOnlyList<long[]> Pairs)
{
    /// <summary>The time that a node computed is shared out to its groups by the messages that they handled: nobody looks at a clock for each group.</summary>
    /// <param name="engine">Of the node.</param>
    /// <param name="computedTicks">Since it was last measured.</param>
    /// <param name="handledBefore">By group, when it was last measured; nothing for those that have come since.</param>
    public static TrafficReport Of(Engine engine, long computedTicks, IReadOnlyDictionary<int, long> handledBefore)
    {
        var handled = engine.Groups.Select(group => (group.Index, Handled: group.Handled - handledBefore.GetValueOrDefault(group.Index))).ToList();
        var all = Math.Max(1, handled.Sum(group => group.Handled));
        var computed = (Int128)System.Diagnostics.Stopwatch.GetElapsedTime(0, computedTicks).TotalMicroseconds;
        return new(
            [.. handled.Select(group => (long[])[group.Index, (long)(computed * group.Handled / all)])],
            [.. (engine.Traffic?.Pairs() ?? []).Select(pair => (long[])[pair.From, pair.To, pair.Messages])]);
    }

    public static TrafficReport Decode(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<TrafficReport>(bytes.Span, JournalJson.Options)!;

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Options);
}
