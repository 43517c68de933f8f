using Trapline.Messages;

namespace Trapline.Cluster.Traces.Rounds;

/// <summary>Something that happened in a lane.</summary>
/// <param name="Kind">What.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; the same for an instant.</param>
/// <param name="Text">In the words of the other traces.</param>
public sealed record RoundItem(RoundItemKind Kind, VirtualTime From, VirtualTime To, string Text);
