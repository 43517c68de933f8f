namespace Trapline.Machines.Boards;

/// <summary>A class of paths between groups.</summary>
/// <param name="From">Class of the source group.</param>
/// <param name="To">Class of the target group.</param>
/// <param name="Count">How many pairs of groups.</param>
/// <param name="Latency">As text.</param>
/// <param name="Jitter">As text.</param>
public sealed record TopologyPath(string From, string To, long Count, string Latency, string Jitter);
