using Trapline.Messages;

namespace Trapline.Cluster.Traces.Rounds;

/// <summary>A stretch of one variant, lane by lane.</summary>
/// <param name="Variant">Its name.</param>
/// <param name="What">Which stretch, in words.</param>
/// <param name="From">Its start.</param>
/// <param name="To">Its end.</param>
/// <param name="Cut">Whether it was ended because it holds as much as may be kept.</param>
/// <param name="Lanes">Those in which something happened, vCPUs first.</param>
public sealed record Round(string Variant, string What, VirtualTime From, VirtualTime To, bool Cut, IReadOnlyList<RoundLane> Lanes);
