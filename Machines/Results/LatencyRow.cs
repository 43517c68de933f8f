using System.Text.Json.Serialization;

namespace Trapline.Machines.Results;

/// <summary>Latency from the start of the sending instruction to the entry of the handler, for one class of path.</summary>
/// <param name="Path">Kind, class of source, class of target: <c>ipi vcpu-&gt;vcpu</c>.</param>
/// <param name="Count">Samples.</param>
/// <param name="P50Ns">Median, within 1/256 of its value.</param>
/// <param name="P90Ns">Likewise.</param>
/// <param name="P99Ns">Likewise.</param>
/// <param name="MaxNs">Exact.</param>
public sealed record LatencyRow(string Path, long Count, decimal P50Ns, decimal P90Ns, decimal P99Ns, decimal MaxNs)
{
    /// <summary>Every bucket that has samples, in order: its upper end, at most the greatest sample, and how many. The percentiles above are read off it.</summary>
    [JsonConverter(typeof(CurveConverter))]
    public IReadOnlyList<CurvePoint> Curve { get; init; } = [];
}
